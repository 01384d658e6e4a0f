/* The places of a text's lines where terms may stand, and what holds there against what is written. */

#pragma once

#include "work.h"

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

/* May a term that is choosy stand in this line, from `start`? */
static int
admits(const Work *work, const Line *line, uint32_t number, Py_ssize_t start, uint32_t flags)
{
    if (flags & PLAIN && number > 0)
        return 0;
    if (!(flags & PARTIAL))
        return 1;
    const uint32_t *text = (const uint32_t *)work->points.content + line->text;
    do
        start--;
    while (text[start] != ' ');
    return text[start + 1] != '<'; /* an entity */
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
        if (held.flags & (PLAIN | PARTIAL) && !admits(work, line, number, spot->start, held.flags))
            continue;
        int left_out = held.flags & DROPPED && !line->plain;
        if (left_out && (held.flags & PARTIAL || (number > 0 && holds_guess(work, number, spot->start, spot->end))))
            return UNSURE; /* what was undone there has a say */
        if (left_out) { /* on purpose, as surely the term as if it had them? */
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
