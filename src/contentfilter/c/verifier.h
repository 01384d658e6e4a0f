/* `Verifier`: what stands in texts of the terms that their lines may hold. It does what match/stage.py and match/settle.py do for a text
   in which nothing needs more than a look at its letters, and leaves all others to them. */

#pragma once

#include "automaton.h"
#include "forms.h"
#include "held.h"

#define NEAR 5 /* syllables, where a term has no company of its own: see settle.py for these */
#define MARKS 64
#define WINDOW 4
#define SURROUNDINGS 8
#define LONGEST_WORD 40

/* What is asked of a window of a line, its syllables and those of a span in it: do words begin and end where the span does; does its writer
   use diacritics? */
enum Question { ON_BORDERS, AMONG_TONES };

typedef struct {
    PyObject_HEAD
    Automaton *automaton;
    PyObject *telling, *innocent; /* bytes, one a key */
    Companies companies;
    Memory memory;
    Memory windows; /* a key is a question, and the number of words before and in the span */
} Verifier;

typedef struct {
    size_t text, bare, length; /* where its code points stand */
    size_t spots, hits, allowed; /* where its own start; they end where those of the next line do */
    int plain; /* is it of ASCII alone? */
} Line;

typedef struct {
    Py_ssize_t start, end;
    Held held;
    uint32_t line;
} Hit;

typedef struct {
    Py_ssize_t start, end;
    Py_ssize_t farthest; /* the latest end of all up to this one */
} Span;

/* What is worked out for one text. */
typedef struct {
    Growing points; /* uint32_t */
    Growing lines; /* Line, and one more */
    Growing spots; /* Spot */
    Growing hits; /* Hit: what holds */
    Growing allowed; /* Span */
    Growing chosen; /* Hit: those that are looked at together */
    Growing abuse; /* Span */
    Growing standing; /* Hit */
} Work;

/* What the model says of a text: is it toxic, would it be flagged; and the company that a term without its tones asks for. */
typedef struct {
    int toxic, suspected;
    Py_ssize_t address;
} Model;

enum Verdict { NOTHING, FOUND, UNSURE, PENDING, FAILED }; /* UNSURE: Python must judge; PENDING: it must tell something first */

/* Lists of what Python must tell. */
typedef struct {
    PyObject *chunks; /* ids */
    PyObject *terms; /* (key, as it is written) */
    PyObject *windows; /* (question, the window, words before the span, words in it) */
} Asked;

static void
free_work(Work *work)
{
    Growing *all[] = {&work->points, &work->lines, &work->spots, &work->hits, &work->allowed, &work->chosen, &work->abuse, &work->standing};
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        free(all[i]->content);
}

static int
append_new(PyObject *list, PyObject *item)
{
    int failed = item == NULL || PyList_Append(list, item) < 0;
    Py_XDECREF(item);
    return !failed;
}

/* Lay out the lines of a text. */
static enum Verdict
lay_lines(const Forms *forms, PyObject *ids, Asked *asked, Work *work)
{
    uint32_t lines = 1;
    enum Verdict verdict = FOUND;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(ids); i++) {
        const Told *told = told_of(forms, ids, i);
        if (told == NULL) {
            if (PyErr_Occurred() || PyList_Append(asked->chunks, PyList_GET_ITEM(ids, i)) < 0)
                return FAILED;
            verdict = PENDING;
        }
        else
            lines = told->number > lines ? told->number : lines;
    }
    if (verdict == PENDING)
        return verdict;
    work->points.used = work->lines.used = 0;
    if (!grow(&work->lines, lines + 1, sizeof(Line)))
        return FAILED;
    for (uint32_t number = 0; number < lines; number++) {
        size_t length = 1;
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(ids); i++)
            length += form_in(forms, told_of(forms, ids, i), number)->length + 1;
        if (!grow(&work->points, 2 * length, sizeof(uint32_t)))
            return FAILED;
        Line *line = (Line *)work->lines.content + work->lines.used++;
        *line = (Line){.text = work->points.used, .bare = work->points.used + length, .length = length};
        work->points.used += 2 * length;
        uint32_t *text = (uint32_t *)work->points.content + line->text, *bare = text + length, others = 0;
        *text++ = *bare++ = ' ';
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(ids); i++) {
            const Form *form = form_in(forms, told_of(forms, ids, i), number);
            const uint32_t *points = points_of(forms, form, 0);
            for (uint32_t c = 0; c < form->length; c++) {
                others |= points[c];
                *text++ = points[c];
                *bare++ = points[form->length + c];
            }
            *text++ = *bare++ = ' ';
        }
        line->plain = others < 128;
    }
    return FOUND;
}

static int
counts_as_syllable(uint32_t last)
{
    return last == '>' || Py_UNICODE_ISALNUM(last);
}

/* Up to `within` syllables on either side of a span, and the marks among them. */
static Around
around_span(const Work *work, const Line *line, Py_ssize_t start, Py_ssize_t end, int within)
{
    const uint32_t *text = (const uint32_t *)work->points.content + line->text;
    Py_ssize_t low = start - 1, high = end, last = (Py_ssize_t)line->length - 1;
    for (int left = within, marks = MARKS; left > 0 && marks > 0 && low > 0;) {
        *(counts_as_syllable(text[low - 1]) ? &left : &marks) -= 1;
        do
            low--;
        while (text[low] != ' ');
    }
    for (int left = within, marks = MARKS; left > 0 && marks > 0 && high < last;) {
        do
            high++;
        while (text[high] != ' ');
        *(counts_as_syllable(text[high - 1]) ? &left : &marks) -= 1;
    }
    uint32_t others = 0;
    if (!line->plain) {
        for (Py_ssize_t i = low; i < start; i++)
            others |= text[i];
        for (Py_ssize_t i = end; i <= high; i++)
            others |= text[i];
    }
    return (Around){text, low, start, end, high + 1, others < 128};
}

/* What is remembered of a spot as it is written; NULL where nothing is, which is asked, or for an error. */
static const Written *
written_at(const Verifier *self, const Work *work, const Line *line, const Spot *spot, Asked *asked)
{
    const uint32_t *points = (const uint32_t *)work->points.content + line->text + spot->start;
    const Written *written = remembered(&self->memory, spot->key, points, (uint32_t)(spot->end - spot->start));
    if (written == NULL) {
        PyObject *text = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, points, spot->end - spot->start);
        append_new(asked->terms, text == NULL ? NULL : Py_BuildValue("IN", spot->key, text));
    }
    return written;
}

static unsigned
words_in(const uint32_t *points, Py_ssize_t low, Py_ssize_t high)
{
    unsigned words = 0;
    for (Py_ssize_t i = low; i < high; i++)
        words += points[i] != ' ' && (i == low || points[i - 1] == ' ');
    return words;
}

/* FOUND or NOTHING: the answer to a question about a span, yes or no. */
static enum Verdict
answered(const Verifier *self, const Work *work, const Line *line, Py_ssize_t start, Py_ssize_t end, enum Question question, Asked *asked)
{
    Around around = around_span(work, line, start, end, question == ON_BORDERS ? WINDOW : SURROUNDINGS);
    unsigned before = words_in(around.line, around.low, start), inside = words_in(around.line, start, end);
    const uint32_t *points = around.line + around.low;
    Py_ssize_t length = around.high - around.low;
    const Written *written = remembered(&self->windows, (uint32_t)question + 2 * (before + 256 * inside), points, (uint32_t)length);
    if (written != NULL)
        return written->allowed ? FOUND : NOTHING;
    PyObject *window = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, points, length);
    return append_new(asked->windows, window == NULL ? NULL : Py_BuildValue("iNII", question, window, before, inside)) ? PENDING : FAILED;
}

/* Find the spots of all lines; those of a line in which all are signs are left out, unless the text is suspected. Tells whether any may
   come to be more than a sign. */
static enum Verdict
find_spots(const Verifier *self, Work *work, int suspected, Asked *asked, int *tells)
{
    const char *telling = PyBytes_AS_STRING(self->telling);
    enum Verdict verdict = FOUND;
    work->spots.used = 0;
    *tells = 0;
    for (size_t number = 0; number < work->lines.used; number++) {
        Line *line = (Line *)work->lines.content + number;
        line->spots = work->spots.used;
        if (!append_spots(self->automaton, (const uint32_t *)work->points.content + line->bare, (Py_ssize_t)line->length, &work->spots))
            return FAILED;
        int told = 0;
        for (size_t i = line->spots; i < work->spots.used; i++) {
            const Spot *spot = (const Spot *)work->spots.content + i;
            if (!telling[spot->key])
                continue;
            told = 1;
            if (*tells)
                break;
            const Written *written = written_at(self, work, line, spot, asked);
            if (PyErr_Occurred())
                return FAILED;
            if (written == NULL)
                verdict = PENDING;
            for (uint32_t h = 0; written != NULL && h < written->number; h++)
                *tells |= (((const Held *)self->memory.held.content)[written->first + h].flags & TELLING) != 0;
        }
        if (!told && !suspected)
            work->spots.used = line->spots;
    }
    ((Line *)work->lines.content)[work->lines.used].spots = work->spots.used;
    if (*tells)
        return FOUND;
    return verdict != FOUND ? verdict : suspected ? FOUND : NOTHING;
}

/* Append what holds at a spot. */
static enum Verdict
append_hits(const Verifier *self, Work *work, const Line *line, const Spot *spot, const Written *written, Asked *asked)
{
    uint32_t number = (uint32_t)(line - (const Line *)work->lines.content);
    enum Verdict verdict = FOUND, among = UNSURE; /* not asked yet */
    if (!grow(&work->hits, written->number, sizeof(Hit)) || !grow(&work->allowed, 1, sizeof(Span)))
        return FAILED;
    for (uint32_t h = 0; h < written->number; h++) {
        Held held = ((const Held *)self->memory.held.content)[written->first + h];
        if (held.flags & SPECIAL || (held.flags & DROPPED && number > 0 && !line->plain))
            return UNSURE;
        if (held.flags & DROPPED && !line->plain) { /* left out on purpose, as surely the term as if it had them? */
            if (among == UNSURE)
                among = answered(self, work, line, spot->start, spot->end, AMONG_TONES, asked);
            if (among == FAILED)
                return FAILED;
            if (among == PENDING)
                verdict = PENDING;
            else if (among == FOUND)
                held.missing = 0;
        }
        if (!(held.missing && held.flags & AMONG))
            ((Hit *)work->hits.content)[work->hits.used++] = (Hit){spot->start, spot->end, held, number};
    }
    if (written->allowed)
        ((Span *)work->allowed.content)[work->allowed.used++] = (Span){spot->start, spot->end, 0};
    return verdict;
}

/* Work out what holds in the lines. */
static enum Verdict
verify_spots(const Verifier *self, Work *work, int tells, Asked *asked)
{
    const char *innocent = PyBytes_AS_STRING(self->innocent);
    enum Verdict verdict = FOUND;
    work->hits.used = work->allowed.used = 0;
    for (size_t number = 0; number < work->lines.used; number++) {
        Line *line = (Line *)work->lines.content + number;
        line->hits = work->hits.used;
        line->allowed = work->allowed.used;
        for (size_t i = line->spots; i < line[1].spots; i++) {
            const Spot *spot = (const Spot *)work->spots.content + i;
            if (!tells && !innocent[spot->key])
                continue;
            const Written *written = written_at(self, work, line, spot, asked);
            if (PyErr_Occurred())
                return FAILED;
            if (written == NULL) {
                verdict = PENDING;
                continue;
            }
            enum Verdict own = append_hits(self, work, line, spot, written, asked);
            if (own == PENDING)
                verdict = PENDING;
            else if (own != FOUND)
                return own;
        }
    }
    Line *behind = (Line *)work->lines.content + work->lines.used;
    behind->hits = work->hits.used;
    behind->allowed = work->allowed.used;
    return verdict;
}

static int
by_place(const void *one, const void *other)
{
    const Span *first = one, *second = other;
    if (first->start != second->start)
        return first->start < second->start ? -1 : 1;
    return (first->end > second->end) - (first->end < second->end);
}

static void
order(Span *spans, size_t number)
{
    if (number > 1)
        qsort(spans, number, sizeof(Span), by_place);
    for (size_t i = 0; i < number; i++)
        spans[i].farthest = i > 0 && spans[i - 1].farthest > spans[i].end ? spans[i - 1].farthest : spans[i].end;
}

/* How many of the spans, in order, start before a place. */
static size_t
before(const Span *spans, size_t number, Py_ssize_t place)
{
    size_t low = 0, high = number;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (spans[middle].start < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* May a hit stand beside these allowed phrases? */
static enum Verdict
beside_allowed(const Verifier *self, const Work *work, const Line *line, const Hit *hit, Asked *asked)
{
    const Span *allowed = (const Span *)work->allowed.content + line->allowed;
    size_t number = line[1].allowed - line->allowed;
    if (number == 0)
        return FOUND; /* most often */
    size_t behind = before(allowed, number, hit->start + 1);
    if (!(hit->held.flags & NEGATIVE) && behind > 0 && allowed[behind - 1].farthest >= hit->end)
        return NOTHING; /* one contains it */
    if (!(hit->held.flags & SEGMENT))
        return FOUND;
    for (size_t i = before(allowed, number, hit->start - LONGEST_WORD); i < number && allowed[i].start < hit->end; i++) {
        Py_ssize_t start = allowed[i].start, end = allowed[i].end;
        if ((start < hit->start && hit->start < end && end < hit->end) || (hit->start < start && start < hit->end && hit->end < end))
            /* a word crosses its border; without tones a segmentation knows nothing */
            return hit->held.missing ? NOTHING : answered(self, work, line, hit->start, hit->end, ON_BORDERS, asked);
    }
    return FOUND;
}

static int
is_ambiguous(const Hit *hit)
{
    return hit->held.company >= 0 || (hit->held.missing > 0 && hit->held.flags & ADDRESSED);
}

/* Lies abuse that needs no company itself in what stands before or after a hit? */
static int
has_abuse(const Work *work, const Hit *hit, const Around *around)
{
    const Span *abuse = work->abuse.content;
    for (size_t i = before(abuse, work->abuse.used, around->low); i < work->abuse.used && abuse[i].start < around->high; i++)
        if (abuse[i].end <= hit->start || (hit->end <= abuse[i].start && abuse[i].end <= around->high))
            return 1;
    return 0;
}

static int
has_company(const Verifier *self, const Work *work, const Line *line, const Hit *hit, const Model *model)
{
    const Company *companies = self->companies.all.content;
    Py_ssize_t asked[2] = {hit->held.company, hit->held.missing > 0 && hit->held.flags & ADDRESSED ? model->address : -1};
    Around around = {0};
    for (int i = 0; i < 2; i++) {
        if (asked[i] < 0 || (companies[asked[i]].model && model->toxic))
            continue;
        if (around.line == NULL)
            around = around_span(work, line, hit->start, hit->end, hit->held.company < 0 ? NEAR : hit->held.within);
        if (!stands(&self->companies, &companies[asked[i]], &around) && !(companies[asked[i]].abuse && has_abuse(work, hit, &around)))
            return 0;
    }
    return 1;
}

static int
append_abuse(Work *work, const Hit *hits, size_t number)
{
    if (!grow(&work->abuse, number, sizeof(Span)))
        return 0;
    for (size_t i = 0; i < number; i++)
        if (hits[i].held.flags & ABUSIVE && !is_ambiguous(&hits[i]))
            ((Span *)work->abuse.content)[work->abuse.used++] = (Span){hits[i].start, hits[i].end, 0};
    return 1;
}

/* Append those of the hits asked for, which are of one line, that stand; `besides` of those in `standing`, up to `besides_end`, stand in
   the line too. */
static enum Verdict
append_standing(const Verifier *self, Work *work, const Line *line, const Model *model, size_t besides, size_t besides_end, Asked *asked)
{
    Hit *hits = work->chosen.content;
    size_t kept = 0;
    int ambiguous = 0;
    enum Verdict verdict = FOUND;
    for (size_t i = 0; i < work->chosen.used; i++) {
        enum Verdict own = beside_allowed(self, work, line, &hits[i], asked);
        if (own == FAILED)
            return FAILED;
        if (own == PENDING)
            verdict = PENDING;
        if (own == FOUND) {
            hits[kept++] = hits[i];
            ambiguous |= is_ambiguous(&hits[i]);
        }
    }
    if (verdict == PENDING)
        return verdict;
    if (!grow(&work->standing, kept, sizeof(Hit)))
        return FAILED;
    if (ambiguous) {
        work->abuse.used = 0;
        if (!append_abuse(work, (const Hit *)work->standing.content + besides, besides_end - besides) || !append_abuse(work, hits, kept))
            return FAILED;
        order(work->abuse.content, work->abuse.used);
    }
    for (size_t i = 0; i < kept; i++)
        if (!is_ambiguous(&hits[i]) || has_company(self, work, line, &hits[i], model))
            ((Hit *)work->standing.content)[work->standing.used++] = hits[i];
    return FOUND;
}

/* Choose those of a line's hits that have all of some flags and none of others, and share a category. */
static int
choose(Work *work, const Line *line, uint32_t flags, uint32_t none, uint32_t categories)
{
    work->chosen.used = 0;
    if (!grow(&work->chosen, line[1].hits - line->hits, sizeof(Hit)))
        return 0;
    for (size_t i = line->hits; i < line[1].hits; i++) {
        const Hit *hit = (const Hit *)work->hits.content + i;
        if ((hit->held.flags & flags) == flags && !(hit->held.flags & none) && hit->held.categories & categories)
            ((Hit *)work->chosen.content)[work->chosen.used++] = *hit;
    }
    return 1;
}

/* What stands of the hits that are more than signs, and of the signs of their categories. */
static enum Verdict
find_telling(const Verifier *self, Work *work, const Model *model, Asked *asked)
{
    uint32_t spoken = 0;
    Growing firm = {0}; /* size_t: where what stands of each line starts */
    enum Verdict verdict = grow(&firm, work->lines.used + 1, sizeof(size_t)) ? FOUND : FAILED;
    size_t *starts = firm.content;
    for (size_t number = 0; verdict == FOUND && number < work->lines.used; number++) {
        const Line *line = (const Line *)work->lines.content + number;
        starts[number] = work->standing.used;
        verdict = choose(work, line, TELLING, 0, UINT32_MAX) ? append_standing(self, work, line, model, 0, 0, asked) : FAILED;
    }
    if (verdict == FOUND)
        starts[work->lines.used] = work->standing.used;
    for (size_t i = 0; i < work->standing.used; i++)
        spoken |= ((const Hit *)work->standing.content)[i].held.categories;
    for (size_t number = 0; verdict == FOUND && spoken && number < work->lines.used; number++) {
        const Line *line = (const Line *)work->lines.content + number;
        verdict = choose(work, line, 0, TELLING, spoken) ? FOUND : FAILED;
        if (verdict == FOUND && work->chosen.used)
            verdict = append_standing(self, work, line, model, starts[number], starts[number + 1], asked);
    }
    free(firm.content);
    return verdict;
}

/* Judge one text: what stands of the terms, and from `*innocent` on the signs of innocence, are left in `standing`. */
static enum Verdict
judge(const Verifier *self, const Forms *forms, PyObject *ids, const Model *model, Asked *asked, Work *work, size_t *innocent)
{
    int tells = 0;
    enum Verdict verdict = lay_lines(forms, ids, asked, work);
    if (verdict == FOUND)
        verdict = find_spots(self, work, model->suspected, asked, &tells);
    if (verdict == FOUND)
        verdict = verify_spots(self, work, tells, asked);
    if (verdict != FOUND)
        return verdict;
    for (size_t number = 0; number < work->lines.used; number++) {
        const Line *line = (const Line *)work->lines.content + number;
        order((Span *)work->allowed.content + line->allowed, line[1].allowed - line->allowed);
    }
    work->standing.used = 0;
    if (tells)
        verdict = find_telling(self, work, model, asked);
    *innocent = work->standing.used;
    for (size_t number = 0; verdict == FOUND && model->suspected && number < work->lines.used; number++) {
        const Line *line = (const Line *)work->lines.content + number;
        verdict = choose(work, line, NEGATIVE, 0, UINT32_MAX) ? append_standing(self, work, line, model, 0, 0, asked) : FAILED;
    }
    return verdict == FOUND && work->standing.used == 0 ? NOTHING : verdict;
}
