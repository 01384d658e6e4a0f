"""What is wrong with a pack, or with a file of labelled texts, told in Vietnamese: `contentfilter rules` speaks to moderators, errors to
programmers.

A message is recognised by its words, with holes for what is quoted. Paths, places and names of keys stay as they are; what has no
translation stays English, and a test holds every message of the golden files to one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_MESSAGES: Final = (
    ("found {} cells, expected {} as in the header", "dòng có {} ô, cần {} ô như dòng tiêu đề"),
    ("found {}, expected text; put it in quotes if it is meant so", "gặp {}, cần văn bản; nếu đúng ý như vậy, hãy đặt trong dấu nháy"),
    ("found {}, expected text", "gặp {}, cần văn bản"),
    ("the text is empty", "văn bản để trống"),
    ("found {}, expected a number from {} to {}", "gặp {}, cần một số từ {} đến {}"),
    ("found {}, expected a whole number from {} to {}", "gặp {}, cần một số nguyên từ {} đến {}"),
    ("found {}, expected a whole number", "gặp {}, cần một số nguyên"),
    ("found {}, expected keys: {}", "gặp {}, cần các khóa: {}"),
    ("found {}, expected a list", "gặp {}, cần một danh sách"),
    ("found {}, expected a mapping", "gặp {}, cần một bảng (khóa: giá trị)"),
    ("found {} in the list, expected at least {}", "danh sách có {} mục, cần ít nhất {}"),
    ("found {} in the list, expected at most {}", "danh sách có {} mục, chỉ được nhiều nhất {}"),
    ("found {}, there is no entity {}, expected one of: {}", "gặp {}, không có thực thể {}, cần một trong: {}"),
    ("found {}, there is no entity {}", "gặp {}, không có thực thể {}"),
    (
        "found {}, but {} stands alone; ask for what is beside it with near",
        "gặp {}, nhưng {} phải đứng một mình; muốn xét thứ bên cạnh, hãy dùng near",
    ),
    (
        "found {}, a {} stands alone; write {} for the character itself",
        "gặp {}, dấu {} đứng một mình; muốn dùng chính ký tự đó, hãy viết {}",
    ),
    ("found {}, a {} is missing", "gặp {}, thiếu dấu {}"),
    (
        "found {}, a backslash stands at the end; write {} for the character itself",
        "gặp {}, cuối có dấu \\ thừa; muốn dùng chính ký tự đó, hãy viết {}",
    ),
    (
        "found {}, it stands for more than {} terms; write it as a regular expression",
        "gặp {}, mẫu này ứng với hơn {} từ; hãy viết thành biểu thức chính quy (regex)",
    ),
    (
        "found {}, expected lower-case letters, digits and _ in parts with dots between, such as {}",
        "gặp {}, cần chữ thường không dấu, chữ số và _, các phần cách nhau bằng dấu chấm, chẳng hạn {}",
    ),
    (
        "found {} keys, expected one condition; put several under {} or {}",
        "gặp {} khóa, cần đúng một điều kiện; nếu có nhiều, hãy đặt dưới {} hoặc {}",
    ),
    ("found least {} of {}; it could never hold", "cần ít nhất {} trong khi chỉ có {}; điều kiện không bao giờ thỏa"),
    ("{} has no term, expected one a line", "{} không có từ nào, cần mỗi dòng một từ"),
    ("found {}, there is no such file in {}", "gặp {}, không có tệp này trong {}"),
    ("found {}, expected a file in the pack's own folder", "gặp {}, cần một tệp nằm trong thư mục của chính gói này"),
    ("found {}, expected one of: {}", "gặp {}, cần một trong: {}"),
    ("found {}, expected {}", "gặp {}, cần {}"),
    ("unknown key {}, expected one of: {}", "khóa lạ {}, cần một trong: {}"),
    ("unknown key {}", "khóa lạ {}"),
    ("key {} stands here twice", "khóa {} được viết hai lần ở đây"),
    ("key {} is missing", "thiếu khóa {}"),
    ("none of the keys {}; it could never match", "không có khóa nào trong số {}; như vậy không bao giờ khớp"),
    (
        "rule id {} stands at {} too; ids are unique over all packs",
        "mã quy tắc {} đã có ở {}; mỗi mã chỉ dùng một lần trong tất cả các gói",
    ),
    ("list {} stands in {} too; give it another name", "danh sách {} đã có trong {}; hãy đặt tên khác"),
    ("{} stands here twice", "{} được viết hai lần ở đây"),
    ("{} in the list {} settles no term; ask for it with {}", "{} trong danh sách {} không dùng được trong needs; hãy xét bằng {}"),
    ("{} settles no term; ask for it with {}", "{} không dùng được trong needs; hãy xét bằng {}"),
    ("no list {}, expected one of: {}", "không có danh sách {}, cần một trong: {}"),
    ("no list {}", "không có danh sách {}"),
    ("no rule {}", "không có quy tắc {}"),
    ("head {}, expected one of: {}", "không có đầu ra {} của mô hình, cần một trong: {}"),
    ("pattern {} has {} characters, expected at most {}", "mẫu {} dài {} ký tự, chỉ được nhiều nhất {}"),
    ("pattern {} is no regular expression: {}", "mẫu {} không phải biểu thức chính quy: {}"),
    ("pattern {} can match nothing, so it would match everywhere", "mẫu {} khớp được cả chuỗi rỗng, nên chỗ nào cũng khớp"),
    ("pattern {} can take for ever: {}", "mẫu {} có thể chạy mãi không xong: {}"),
    ("pattern {}: it can match without the literal {}", "mẫu {}: có thể khớp mà không có chuỗi {} đã khai ở literal"),
    (
        "pattern {} needs no letters or digits in a row ({} at least) that a text could be looked up by; "
        "name what is sure to stand in it with literal",
        "mẫu {} không bắt buộc có chữ hay số liền nhau (ít nhất {}) để dò nhanh; hãy khai chuỗi chắc chắn có mặt bằng literal",
    ),
    ("rules speak of each other in a circle: {}", "các quy tắc dẫn chiếu nhau thành vòng: {}"),
    (
        "nothing that a text could be looked up by; add a term, an entity, a list, a pattern or a rule that must be there",
        "không có gì để dò trong văn bản; hãy thêm một từ, thực thể, danh sách, mẫu hoặc quy tắc bắt buộc phải có",
    ),
    ("the term {} has no character that could match", "từ {} không có ký tự nào khớp được"),
    ("a phrase has no character that could match", "có cụm từ không chứa ký tự nào khớp được"),
    ("no such file", "không có tệp này"),
    ("the file is empty", "tệp trống"),
    ("byte {}: not UTF-8, save the file as UTF-8", "byte {}: không phải UTF-8, hãy lưu tệp ở dạng UTF-8"),
    ("more than {} MiB, no pack is so large", "lớn hơn {} MiB, không gói nào lớn như vậy"),
    ("more than {} blocks within blocks, no pack is so deep", "lồng nhau quá {} tầng, không gói nào sâu như vậy"),
    ("a second document ({}) in one file, expected one", "có tài liệu thứ hai ({}) trong cùng tệp, chỉ được một"),
    ("alias {}: packs have no aliases, write the value itself", "bí danh {}: gói không dùng bí danh, hãy viết thẳng giá trị"),
    ("anchor {}: packs have no anchors, take it away", "neo {}: gói không dùng neo, hãy bỏ đi"),
    ("tag {}: packs have no tags, take it away", "nhãn {}: gói không dùng nhãn kiểu, hãy bỏ đi"),
    ("no YAML: control characters are not allowed ({})", "không đúng YAML: không được có ký tự điều khiển ({})"),
    ("no YAML: {}", "không đúng YAML: {}"),
    ("label {}, expected a category ({}), clean, 0 or 1", "nhãn {}, cần một hạng mục ({}), clean, 0 hoặc 1"),
    ("no column {}, found: {}; choose with {}", "không có cột {}, chỉ có: {}; hãy chọn bằng {}"),
    ("no key {}, found: {}; choose with {}", "không có khóa {}, chỉ có: {}; hãy chọn bằng {}"),
    ("unknown kind of file {}, expected one of: {}", "không đọc được loại tệp {}, cần một trong: {}"),
    ("the file is empty, expected a header with the column {}", "tệp trống, cần dòng tiêu đề có cột {}"),
    ("no CSV: {}; is a quote left open?", "không đúng CSV: {}; có dấu nháy nào chưa đóng không?"),
    ("no JSON: {}; each line is one JSON object", "không đúng JSON: {}; mỗi dòng là một đối tượng JSON"),
    (
        "byte {} is not {}; name the file's encoding with --encoding, or go on with --errors replace",
        "byte {} không phải {}; hãy lưu tệp ở dạng UTF-8",
    ),
    ("No such file or directory", "không có tệp hay thư mục này"),
    ("Permission denied", "không có quyền đọc hoặc ghi"),
    ("Is a directory", "đây là thư mục, cần một tệp"),
)  # fmt: skip
_THINGS: Final = {
    "a list": "một danh sách",
    "a mapping": "một bảng (khóa: giá trị)",
    "a term": "một từ",
    "a term or a condition": "một từ hoặc một điều kiện",
    "a category": "một hạng mục",
    "found unexpected end of stream": "tệp kết thúc giữa chừng (có thể thiếu dấu nháy hoặc dấu ngoặc đóng)",
    "could not find expected ':'": "thiếu dấu ':' sau tên khóa",
    "mapping values are not allowed in this context": "dấu ':' không được đứng ở đây (thụt lề sai, hoặc cần đặt văn bản trong dấu nháy)",
    "found character that cannot start any token": "không được bắt đầu bằng ký tự này (thụt lề bằng dấu cách, không dùng phím Tab)",
    "did not find expected key": "chỗ này phải là tên khóa (thụt lề sai, hoặc có văn bản đứng sau dấu nháy đóng)",
    "did not find expected '-' indicator": "chỗ này phải là dấu '-' của mục tiếp theo (thụt lề sai?)",
    "did not find expected ',' or ']'": "thiếu dấu ',' hoặc ']'",
    "did not find expected ',' or '}'": "thiếu dấu ',' hoặc '}'",
    "the shipped packs": "các gói có sẵn",
    "the shipped lists": "các danh sách có sẵn",
    "it refers back to a group": "có tham chiếu ngược đến một nhóm",
    "it repeats what can be nothing": "lặp lại thứ có thể rỗng",
    "a repetition without bound stands inside another": "có phép lặp không giới hạn nằm trong một phép lặp khác",
    "a repetition without bound has alternatives that can begin alike": "phép lặp không giới hạn có các nhánh bắt đầu giống nhau",
}
_WHERE: Final = r"(?P<place>(?:.+?:\d+(?::\d+)?: )?)(?P<what>(?:[^'\"]+?: )??)"
_split = re.compile(r"(?P<fault>.*?)(?:, did you mean (?P<meant>[^?]+)\?)?", re.DOTALL).fullmatch


@cache
def _known() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(_WHERE + "(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL), vietnamese) for english, vietnamese in _MESSAGES
    ]


def _what(spoken_of: str) -> str:
    for english, vietnamese in (("the file: ", "tệp: "), ("rule ", "quy tắc "), ("pack ", "gói "), ("document ", "văn bản ")):
        spoken_of = spoken_of.replace(english, vietnamese)
    return spoken_of


def in_vietnamese(fault: str) -> str:
    """A fault as `faults` tells it, in Vietnamese.

    >>> in_vietnamese("site.yaml:3:5: unknown key 'sevrity', did you mean 'severity'?")
    "site.yaml:3:5: khóa lạ 'sevrity', có phải ý bạn là 'severity'?"
    """
    parts = _split(fault)
    said, meant = (parts["fault"], parts["meant"]) if parts else (fault, None)
    for pattern, vietnamese in _known():
        if match := pattern.fullmatch(said):
            holes = [_THINGS.get(hole, hole) for hole in match.groups()[2:]]
            what = _what(match["what"])
            suffix = f", có phải ý bạn là {meant}?" if meant else ""
            return match["place"] + what + vietnamese.format(*holes) + suffix
    return fault
