"use strict";

const SAYS = {
  vi: {
    about: "Gõ thử để xem bộ lọc đánh giá ra sao và vì sao. Văn bản không rời khỏi máy này và không được ghi lại.",
    language: "Ngôn ngữ", text: "Văn bản", matches: "Những chỗ phát hiện", found: "trong văn bản", as: "nhận ra là", steps: "cách né đã gỡ", rule: "quy tắc",
    weight: "trọng số", masked: "Văn bản sau khi che", policies: "Xử lý theo từng chính sách", policy: "chính sách", action: "xử lý",
    without: "khi chưa sửa gì", scores: "Điểm",
    "scores hint": "Mỗi điểm là hàm logistic của tổng các bằng chứng bên dưới. Mở từng dòng để xem. Vạch xanh: điểm khi chưa sửa gì, nếu có khác.",
    words: "Từ của bạn", "words hint": "Viết có dấu, chữ thường. Không cần kể ra các cách viết né như chèn dấu hay bỏ dấu: bộ lọc tự nhận ra. Kết quả đổi ngay.",
    kind: "Loại", word: "Từ hoặc cụm từ", add: "Thêm", allowed: "cho phép", allow: "Cho phép…", remove: "Bỏ", code: "Dùng trong mã Python",
    none: "Không có gì.", start: "điểm xuất phát", model: "theo mô hình, xét cả câu", score: "điểm", severity: "mức", new: "mới", gone: "không còn",
    empty: "Chưa có văn bản.", count: (n) => `${n} chỗ phát hiện`, lost: "Máy chủ không trả lời; nó còn đang chạy không?",
    overlay: "Tệp chỉnh sửa (YAML)", template: "Điền mẫu",
    "overlay hint": "Sửa các gói quy tắc mà không động vào chúng: tắt hay cho chạy thử quy tắc, đổi trọng số, ngưỡng, cách xử lý, thêm từ. Kết quả đổi ngay khi gõ.",
    fault: (line, column, message) => `Dòng ${line}, cột ${column}: ${message}`, same: "Không có gì đổi với văn bản này.",
    found_new: (n) => `${n} chỗ mới phát hiện`, found_gone: (n) => `${n} chỗ không còn`,
    trials: "Quy tắc chạy thử", "trials hint": "Các quy tắc này chỉ được ghi nhận, không ảnh hưởng đến điểm và cách xử lý.",
    would: "xử lý nếu áp dụng", on_trial: (n) => `${n} chỗ chạy thử`,
  },
  en: {
    about: "Type to see what the filter thinks, and why. No text leaves this machine and nothing is logged.",
    language: "Language", text: "Text", matches: "Matches", found: "in the text", as: "found to be", steps: "undone", rule: "rule",
    weight: "weight", masked: "Masked text", policies: "Action under each policy", policy: "policy", action: "action",
    without: "without your changes", scores: "Scores",
    "scores hint": "A score is the logistic function of the sum of the evidence under it. Open a line to see it; a blue tick is the score without your changes, where it differs.",
    words: "Your words", "words hint": "Write them with tones, lower case. Disguises are undone for you. The verdict changes at once.",
    kind: "Kind", word: "Word or phrase", add: "Add", allowed: "allowed", allow: "Allow…", remove: "Remove", code: "Use them in Python",
    none: "Nothing.", start: "starting point", model: "the model's view of the whole text", score: "score", severity: "severity", new: "new", gone: "gone",
    empty: "No text yet.", count: (n) => (n === 1 ? "1 match" : `${n} matches`), lost: "The server does not answer; does it still run?",
    overlay: "Overlay (YAML)", template: "Fill in a template",
    "overlay hint": "Changes the packs without touching them: rules off or on trial, other weights, thresholds, actions, terms. The verdict changes as you type.",
    fault: (line, column, message) => `Line ${line}, column ${column}: ${message}`, same: "Nothing changes for this text.",
    trials: "Rules on trial", "trials hint": "They are only noted, and change neither scores nor the action.",
    would: "action if active", on_trial: (n) => `${n} on trial`,
    found_new: (n) => (n === 1 ? "1 new match" : `${n} new matches`), found_gone: (n) => (n === 1 ? "1 match gone" : `${n} matches gone`),
  },
};
const PAUSE = 120; // milliseconds without a key until a question is sent
const REBUILD = 500; // the same for the overlay, which makes a new filter
const TEMPLATE = `overlay: site
version: 1.0.0
# status: {insult.stupid: trial}   # off, trial or active
# weights: {spam.contact: 1}
# thresholds: {scam: {review: 0.4}}
# actions: {pii: review}
# allow: [đồ ngu ngơ]
terms:
  insult: [đồ bánh bao]
`;

const at = (id) => document.getElementById(id);
const text = at("text"), marks = at("marks"), lang = at("lang"), kind = at("kind"), word = at("word"), overlay = at("overlay");
const words = []; // pairs of a category, or "allowed", and a word
const opened = new Set(); // categories whose evidence is shown
let timer, asking, spans = [], spanned = "";

/** An element of texts and elements; never of markup. */
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const says = (key) => SAYS[lang.value][key];
const signed = (weight) => (weight < 0 ? "−" : "+") + Math.abs(weight).toFixed(1);
const place = (match) => [match.start, match.end, match.category, match.rule].join();

function speak() {
  document.documentElement.lang = lang.value;
  for (const element of document.querySelectorAll("[data-says]")) element.textContent = says(element.dataset.says);
}

/* Spans are drawn in code units of the text they were found in; until the next answer they move with what is typed. */
function draw() {
  const now = text.value;
  let start = 0, end = 0;
  const most = Math.min(now.length, spanned.length);
  while (start < most && now[start] === spanned[start]) start++;
  while (end < most - start && now.at(-1 - end) === spanned.at(-1 - end)) end++;
  const moved = now.length - spanned.length;
  marks.replaceChildren();
  let done = 0;
  for (const [first, last, className] of spans) {
    const shift = last <= start ? 0 : first >= spanned.length - end ? moved : null;
    if (shift === null) continue;
    marks.append(now.slice(done, first + shift), make("mark", { className }, now.slice(first + shift, last + shift)));
    done = last + shift;
  }
  marks.append(now.slice(done), "\u200b"); // a last empty line has its height
  marks.scrollTop = text.scrollTop;
}

/** Disjoint spans in code units, and what they are, from the matches' in code points; what is on trial gives way. */
function unitSpans(points, { matches, trials }) {
  const offsets = [0];
  for (const point of points) offsets.push(offsets.at(-1) + point.length);
  const found = [];
  const every = [...matches.map((match) => [match, "found"]), ...trials.map((match) => [match, "trial"])];
  for (const [{ start, end }, kind] of every.sort(([one], [other]) => one.start - other.start)) {
    const first = Math.max(offsets[start], found.at(-1)?.[1] ?? 0);
    if (offsets[end] > first) found.push([first, offsets[end], kind]);
  }
  return found;
}

/** A button that prepares the match's term as an allowed phrase, to be made longer and added. */
function allowing(match) {
  return make("button", { type: "button", ariaLabel: `${says("allow")}: ${match.text}`, onclick() {
    kind.value = "allowed";
    word.value = match.steps.length && !match.term.startsWith("<") ? match.term : match.text;
    word.focus();
  } }, says("allow"));
}

function showMatches(now, before) {
  const earlier = new Set((before ?? now).matches.map(place)), later = new Set(now.matches.map(place));
  const gone = (before ?? now).matches.filter((match) => !later.has(place(match)));
  const row = (match, tag) => make("tr", { className: tag === "gone" ? "gone" : "" },
    make("td", {}, match.text),
    make("td", {}, match.term, ...(tag ? [make("span", { className: "tag" }, says(tag))] : [])),
    make("td", {}, match.steps.join(", ")),
    make("td", {}, `${match.name}: ${match.says} `, make("code", {}, match.rule)),
    make("td", { className: "number" }, signed(match.weight)),
    make("td", {}, ...(tag === "gone" ? [] : [allowing(match)])));
  const rows = [...now.matches.map((match) => row(match, earlier.has(place(match)) ? "" : "new")), ...gone.map((match) => row(match, "gone"))];
  at("matches").replaceChildren(...(rows.length ? rows : [make("tr", {}, make("td", { colSpan: 6 }, says("none")))]));
}

function showTrials({ trials }) {
  at("on-trial").hidden = !trials.length;
  at("trials").replaceChildren(...trials.map(({ text, steps, name, says: said, rule, weight, action, action_name }) => make("tr", {},
    make("td", {}, text),
    make("td", {}, steps.join(", ")),
    make("td", {}, `${name}: ${said} `, make("code", {}, rule)),
    make("td", { className: "number" }, signed(weight)),
    make("td", { className: action }, action_name))));
}

/** What the words and the overlay change, in words: actions, scores, matches. */
function showChanges(now, before) {
  const changes = [];
  if (before) {
    now.policies.forEach(({ policy, action, name }, i) => {
      if (action !== before.policies[i].action) changes.push([`${policy}: ${before.policies[i].name} → `, make("b", { className: action }, name)]);
    });
    now.scores.forEach(({ name, score }, i) => {
      const earlier = before.scores[i].score;
      if (Math.abs(score - earlier) > 0.005) changes.push([`${name}: ${earlier.toFixed(2)} → ${score.toFixed(2)}`]);
    });
    const places = [now, before].map(({ matches }) => new Set(matches.map(place)));
    const added = [...places[0]].filter((one) => !places[1].has(one)).length, gone = [...places[1]].filter((one) => !places[0].has(one)).length;
    if (added) changes.push([says("found_new")(added)]);
    if (gone) changes.push([says("found_gone")(gone)]);
    if (!changes.length) changes.push([says("same")]);
  }
  at("changes").replaceChildren(...changes.map((parts) => make("li", {}, ...parts)));
}

/** The overlay's faults; each leads to its place. */
function showFaults(faults) {
  overlay.ariaInvalid = String(faults.length > 0);
  at("faults").replaceChildren(...faults.map(({ line, column, message }) => make("li", {}, make("button", { type: "button", onclick() {
    const lines = overlay.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((total, one) => total + one.length + 1, 0);
    overlay.focus();
    overlay.setSelectionRange(start + column - 1, start + (lines[line - 1] ?? "").length);
  } }, says("fault")(line, column, message)))));
}

function showPolicies(now, before) {
  at("policies").replaceChildren(...now.policies.map(({ policy, action, name }, i) => make("tr", {},
    make("th", { scope: "row" }, policy),
    make("td", { className: action }, name),
    make("td", { className: `changes ${before?.policies[i].action}` }, before?.policies[i].name ?? ""))));
}

function showScores(now, before) {
  const percent = (value) => `${(100 * value).toFixed(1)}%`;
  at("scores").replaceChildren(...now.scores.map(({ category, name, score, severity, start, evidence }, i) => {
    const bar = make("span", { className: "bar" }, make("i", {}));
    bar.firstChild.style.width = percent(score);
    if (before && Math.abs(before.scores[i].score - score) > 0.005) {
      bar.append(make("b", {}));
      bar.lastChild.style.left = percent(before.scores[i].score);
    }
    const line = (weight, words, className = "") => [make("dt", { className }, signed(weight)), make("dd", { className }, words)];
    const sum = evidence.reduce((total, { weight }) => total + weight, start);
    const details = make("details", { className: score >= 0.5 ? "likely" : "", open: opened.has(category) },
      make("summary", {}, make("span", {}, name), bar, make("span", { className: "number" }, score.toFixed(2))),
      make("dl", {}, ...line(start, says("start")),
        ...evidence.flatMap(({ rule, says: said, weight }) => line(weight, rule === "model" ? says("model") : `${said} (${rule})`)),
        ...line(sum, `${says("score")} ${score.toFixed(2)}, ${says("severity")} ${severity}`, "sum")));
    details.ontoggle = () => (details.open ? opened.add(category) : opened.delete(category));
    return details;
  }));
}

function showKinds(scores) {
  const chosen = kind.value || "insult";
  kind.replaceChildren(...scores.map(({ category, name }) => make("option", { value: category }, name)), make("option", { value: "allowed" }, says("allowed")));
  kind.value = chosen;
}

function showWords() {
  at("words").replaceChildren(...words.map(([category, term], i) => make("li", {},
    `${[...kind.options].find(({ value }) => value === category)?.text ?? category}: ${term}`,
    make("button", { type: "button", ariaLabel: `${says("remove")}: ${term}`, onclick: () => remove(i) }, "×"))));
  const terms = Map.groupBy(words, ([category]) => category);
  const quoted = (pairs) => `[${pairs.map(([, term]) => JSON.stringify(term)).join(", ")}]`;
  const steps = [...terms].map(([category, pairs]) => `\n    .${category === "allowed" ? "with_allowed(" : `with_terms("${category}", `}${quoted(pairs)})`);
  if (overlay.value.trim()) steps.push('\n    .with_overlays(["overlay.yaml"])');
  at("code").querySelector("pre").textContent = `import contentfilter\n\nown = (\n    contentfilter.ContentFilter()${steps.join("")}\n)`;
  at("code").hidden = !steps.length;
}

function show({ now, before, faults }, judged) {
  spanned = judged;
  spans = unitSpans(Array.from(judged), now);
  document.body.classList.toggle("changed", before !== null);
  draw();
  showKinds(now.scores);
  showWords();
  showFaults(faults);
  showChanges(now, before);
  showMatches(now, before);
  showTrials(now);
  showPolicies(now, before);
  showScores(now, before);
  at("masked").textContent = now.masked;
  const { name, action } = now.policies.find(({ policy }) => policy === "default");
  const counts = [says("count")(now.matches.length), ...(now.trials.length ? [says("on_trial")(now.trials.length)] : [])];
  const status = judged ? [name, ...counts].join(" · ") : says("empty");
  at("status").className = action;
  if (at("status").textContent !== status) at("status").textContent = status; // a screen reader reads it aloud when it changes
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking, judged = text.value;
  try {
    const body = JSON.stringify({ text: judged, words, overlay: overlay.value, lang: lang.value });
    const reply = await fetch("judge", { method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
    const told = await reply.json();
    if (signal.aborted) return;
    at("fault").textContent = told.error ?? told.now.errors.join("; ");
    if (reply.ok) show(told, judged);
  } catch (error) {
    if (!signal.aborted) at("fault").textContent = error instanceof TypeError ? says("lost") : String(error);
  }
}

function soon(pause) {
  clearTimeout(timer);
  timer = setTimeout(ask, pause);
}

function add(category, term) {
  term = term.trim();
  if (term && !words.some(([a, b]) => a === category && b === term)) words.push([category, term]);
  showWords();
  ask();
}

function remove(i) {
  words.splice(i, 1);
  showWords();
  (at("words").querySelectorAll("button")[Math.min(i, words.length - 1)] ?? word).focus();
  ask();
}

text.addEventListener("input", () => { draw(); soon(PAUSE); });
overlay.addEventListener("input", () => soon(REBUILD));
at("template").addEventListener("click", () => {
  if (!overlay.value.trim()) overlay.value = TEMPLATE;
  overlay.focus();
  ask();
});
text.addEventListener("scroll", () => { marks.scrollTop = text.scrollTop; });
lang.addEventListener("change", () => { speak(); ask(); });
at("add").addEventListener("submit", (event) => {
  event.preventDefault();
  add(kind.value, word.value);
  word.value = "";
  word.focus();
});

lang.value = navigator.language.startsWith("en") ? "en" : "vi";
speak();
ask();
