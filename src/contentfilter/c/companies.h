/* What must stand near an ambiguous term; the twin is `Company.stands` in match/keywords.py, which says what the words are. */

#pragma once

#include "index.h"
#include "memory.h"

enum { WORD = 1, FIRST = 2, BARE_WORD = 4, BARE_FIRST = 8 }; /* FIRST: of a phrase */

typedef struct {
    uint64_t hash;
    uint32_t start, length; /* its code points */
    uint32_t kinds; /* 0 in an empty slot */
    uint32_t phrase; /* one of those that it begins, and one more; 0 for none */
} Clue;

typedef struct {
    uint32_t start, length; /* its code points, a space at either end among them */
    uint32_t bare;
    uint32_t next; /* another with the same first word, as above */
} Phrase;

typedef struct {
    Clue *words;
    size_t mask; /* slots less one, a power of two, at least twice that of the words */
    int abuse, model; /* is abuse nearby company too; is the model's verdict? */
} Company;

typedef struct {
    Growing all; /* Company */
    Growing phrases; /* Phrase */
    Growing points; /* uint32_t */
} Companies;

static void
free_companies(Companies *companies)
{
    for (size_t i = 0; i < companies->all.used; i++)
        free(((Company *)companies->all.content)[i].words);
    free(companies->all.content);
    free(companies->phrases.content);
    free(companies->points.content);
}

static uint64_t
hash_points(uint64_t hash, const uint32_t *points, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = hash_step(hash, points[i]);
    return hash;
}

/* The slot of a word, or the free one where it would be. */
static Clue *
clue_slot(const Companies *companies, const Company *company, uint64_t hash, const uint32_t *points, uint32_t length)
{
    for (size_t place = hash & company->mask;; place = (place + 1) & company->mask) {
        Clue *word = &company->words[place];
        if (word->kinds == 0)
            return word;
        const uint32_t *own = (const uint32_t *)companies->points.content + word->start;
        if (word->hash == hash && word->length == length && memcmp(own, points, length * sizeof(uint32_t)) == 0)
            return word;
    }
}

/* Add the strings of one list, of words or of phrases with a space at either end. */
static int
add_words(Companies *companies, Company *company, PyObject *strings, uint32_t kind)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(strings); i++) {
        PyObject *string = PyList_GET_ITEM(strings, i);
        int is_phrase = (kind & (FIRST | BARE_FIRST)) != 0;
        if (!PyUnicode_Check(string) || PyUnicode_GET_LENGTH(string) <= (is_phrase ? 2 : 0)) {
            PyErr_Format(PyExc_ValueError, "company: expected lists of words and of phrases, found %R", string);
            return 0;
        }
        uint32_t length = (uint32_t)PyUnicode_GET_LENGTH(string);
        if (companies->points.used + length > UINT32_MAX || !grow(&companies->points, length, sizeof(uint32_t))) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_OverflowError, "company: more than is held");
            return 0;
        }
        uint32_t start = (uint32_t)companies->points.used, *points = (uint32_t *)companies->points.content + start;
        for (uint32_t c = 0; c < length; c++)
            points[c] = PyUnicode_READ_CHAR(string, c);
        companies->points.used += length;
        uint32_t begin = start + is_phrase, end = 0; /* the first word of a phrase stands behind its first space */
        while (end < length - is_phrase && points[is_phrase + end] != ' ')
            end++;
        const uint32_t *own = points + is_phrase;
        uint32_t size = is_phrase ? end : length;
        uint64_t hash = hash_points(0, own, size);
        Clue *word = clue_slot(companies, company, hash, own, size);
        if (word->kinds == 0)
            *word = (Clue){hash, begin, size, 0, 0};
        word->kinds |= kind;
        if (is_phrase) {
            if (!grow(&companies->phrases, 1, sizeof(Phrase)))
                return 0;
            ((Phrase *)companies->phrases.content)[companies->phrases.used++] = (Phrase){start, length, kind == BARE_FIRST, word->phrase};
            word->phrase = (uint32_t)companies->phrases.used;
        }
    }
    return 1;
}

/* Take in a company, and return its number; -1 with an error. */
static Py_ssize_t
add_company(Companies *companies, PyObject *const lists[4], int abuse, int model)
{
    static const uint32_t kinds[4] = {WORD, FIRST, BARE_WORD, BARE_FIRST};
    size_t number = 0, slots = 8;
    for (int i = 0; i < 4; i++)
        number += (size_t)PyList_GET_SIZE(lists[i]);
    while (slots < 2 * number)
        slots *= 2;
    if (!grow(&companies->all, 1, sizeof(Company)))
        return -1;
    Company made = {calloc(slots, sizeof(Clue)), slots - 1, abuse, model};
    if (made.words == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int i = 0; i < 4; i++)
        if (!add_words(companies, &made, lists[i], kinds[i])) {
            free(made.words);
            return -1;
        }
    ((Company *)companies->all.content)[companies->all.used++] = made;
    return (Py_ssize_t)companies->all.used - 1;
}

/* Half-open parts of a line before and behind a term, each with its spaces. */
typedef struct {
    const uint32_t *line;
    Py_ssize_t low, start, end, high;
    int plain; /* are both of ASCII alone? */
} Around;

static int
holds_phrase(const uint32_t *text, Py_ssize_t length, const uint32_t *phrase, uint32_t size)
{
    for (Py_ssize_t i = 0; i + (Py_ssize_t)size <= length; i++)
        if (text[i] == phrase[0] && memcmp(text + i, phrase, size * sizeof(uint32_t)) == 0)
            return 1;
    return 0;
}

static int
stands_in(const Companies *companies, const Company *company, const Around *around, Py_ssize_t low, Py_ssize_t high)
{
    for (Py_ssize_t start = low; start < high;) {
        Py_ssize_t end = start;
        while (end < high && around->line[end] != ' ')
            end++;
        const uint32_t *own = around->line + start;
        size_t size = (size_t)(end - start);
        const Clue *word = clue_slot(companies, company, hash_points(0, own, size), own, (uint32_t)size);
        start = end + 1;
        if (word->kinds == 0)
            continue; /* most often */
        if (word->kinds & (around->plain ? WORD | BARE_WORD : WORD))
            return 1;
        for (uint32_t next = word->phrase; next;) {
            const Phrase *phrase = (const Phrase *)companies->phrases.content + (next - 1);
            const uint32_t *points = (const uint32_t *)companies->points.content + phrase->start;
            next = phrase->next;
            if (phrase->bare && !around->plain)
                continue;
            if (holds_phrase(around->line + around->low, around->start - around->low, points, phrase->length) ||
                holds_phrase(around->line + around->end, around->high - around->end, points, phrase->length))
                return 1;
        }
    }
    return 0;
}

/* Is one of a company's words or phrases in what stands before or after a term? */
static int
stands(const Companies *companies, const Company *company, const Around *around)
{
    return stands_in(companies, company, around, around->low, around->start) ||
           stands_in(companies, company, around, around->end, around->high);
}
