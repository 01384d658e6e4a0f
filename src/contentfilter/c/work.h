/* What `Verifier` works with: the lines of a text, and what is found in them. */

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
    Growing told; /* Told: of each chunk */
    Growing starts; /* uint32_t: where each chunk starts, line after line, and one more for its end; where there are several lines */
    Growing guessed; /* uint32_t: how many chunks before each one have several forms, and before the end; likewise */
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
    Growing *all[] = {&work->points, &work->lines, &work->spots, &work->hits, &work->allowed, &work->chosen, &work->abuse, &work->standing,
                      &work->told, &work->starts, &work->guessed};
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

/* Note where each chunk starts in each line, and which have several forms. */
static int
note_starts(const Forms *forms, uint32_t lines, Work *work)
{
    const Told *told = work->told.content;
    size_t chunks = work->told.used;
    work->starts.used = work->guessed.used = 0;
    if (!grow(&work->starts, lines * (chunks + 1), sizeof(uint32_t)) || !grow(&work->guessed, chunks + 1, sizeof(uint32_t)))
        return 0;
    uint32_t *starts = work->starts.content, *guessed = work->guessed.content, several = 0;
    for (uint32_t number = 0; number < lines; number++) {
        uint32_t start = 1;
        for (size_t i = 0; i < chunks; i++) {
            *starts++ = start;
            start += form_in(forms, &told[i], number)->length + 1;
        }
        *starts++ = start;
    }
    for (size_t i = 0; i < chunks; i++) {
        *guessed++ = several;
        several += told[i].number > 1;
    }
    *guessed = several;
    return 1;
}

/* Lay out one line. */
static int
lay_line(const Forms *forms, uint32_t number, Work *work)
{
    const Told *told = work->told.content;
    size_t length = 1;
    for (size_t i = 0; i < work->told.used; i++)
        length += form_in(forms, &told[i], number)->length + 1;
    if (!grow(&work->points, 2 * length, sizeof(uint32_t)))
        return 0;
    Line *line = (Line *)work->lines.content + number;
    *line = (Line){.text = work->points.used, .bare = work->points.used + length, .length = length};
    work->points.used += 2 * length;
    uint32_t *text = (uint32_t *)work->points.content + line->text, *bare = text + length, others = 0;
    *text++ = *bare++ = ' ';
    for (size_t i = 0; i < work->told.used; i++) {
        const Form *form = form_in(forms, &told[i], number);
        const uint32_t *points = points_of(forms, form, 0);
        for (uint32_t c = 0; c < form->length; c++) {
            others |= points[c];
            *text++ = points[c];
            *bare++ = points[form->length + c];
        }
        *text++ = *bare++ = ' ';
    }
    line->plain = others < 128;
    return 1;
}

/* Lay out the lines of a text. */
static enum Verdict
lay_lines(const Forms *forms, PyObject *ids, Asked *asked, Work *work)
{
    uint32_t lines = 1;
    enum Verdict verdict = FOUND;
    size_t chunks = (size_t)PyList_GET_SIZE(ids);
    work->points.used = work->told.used = 0;
    if (!grow(&work->told, chunks, sizeof(Told)))
        return FAILED;
    for (size_t i = 0; i < chunks; i++) {
        const Told *told = told_of(forms, ids, (Py_ssize_t)i);
        if (told == NULL) {
            if (PyErr_Occurred() || PyList_Append(asked->chunks, PyList_GET_ITEM(ids, (Py_ssize_t)i)) < 0)
                return FAILED;
            verdict = PENDING;
            continue;
        }
        ((Told *)work->told.content)[work->told.used++] = *told;
        lines = told->number > lines ? told->number : lines;
    }
    if (verdict == PENDING)
        return verdict;
    work->lines.used = 0;
    if (!grow(&work->lines, lines + 1, sizeof(Line)) || (lines > 1 && !note_starts(forms, lines, work)))
        return FAILED;
    for (uint32_t number = 0; number < lines; number++)
        if (!lay_line(forms, number, work))
            return FAILED;
    work->lines.used = lines;
    return FOUND;
}

/* The chunk in which a place of a line is. */
static size_t
chunk_at(const uint32_t *starts, size_t chunks, Py_ssize_t place)
{
    size_t low = 0, high = chunks;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((Py_ssize_t)starts[middle] <= place)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/* Is a chunk of several forms in a span of a line? */
static int
holds_guess(const Work *work, uint32_t number, Py_ssize_t start, Py_ssize_t end)
{
    if (work->lines.used < 2)
        return 0;
    const uint32_t *starts = (const uint32_t *)work->starts.content + number * (work->told.used + 1), *guessed = work->guessed.content;
    return guessed[chunk_at(starts, work->told.used, end - 1) + 1] > guessed[chunk_at(starts, work->told.used, start)];
}
