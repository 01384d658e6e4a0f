/* `Likeliest`: the likeliest row of words; its twin is in normalize/likeliest.py. */

#pragma once

#include "words.h"

enum { ALONE, STARTS, MEMBERS, KEYS, ENDS, PLACES, LIKELY, TABLES };

typedef struct {
    uint32_t key, start, end; /* of the pairs of members; nothing between in an empty slot */
} Pairs;

typedef struct {
    PyObject_HEAD
    PyObject *words; /* a list of str */
    Py_buffer tables[TABLES];
    int held; /* buffers to release */
    Py_ssize_t groups;
    Pairs *pairs;
    size_t mask; /* slots less one; their number is a power of two, at least twice that of the keys */
    double beam, kept;
} Likeliest;

static inline size_t
pairs_slot(uint32_t key, size_t mask)
{
    return (size_t)((key * 0x9E3779B97F4A7C15u) >> 24) & mask;
}

static void
Likeliest_dealloc(Likeliest *self)
{
    free(self->pairs);
    for (int i = 0; i < self->held; i++)
        PyBuffer_Release(&self->tables[i]);
    Py_XDECREF(self->words);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* Do the tables fit together, so that nothing outside of them is ever read? */
static int
tables_fit(const Likeliest *self)
{
    const Py_buffer *tables = self->tables;
    Py_ssize_t words = PyList_GET_SIZE(self->words), keys = tables[KEYS].len / 4, pairs = tables[PLACES].len;
    Py_ssize_t members = tables[MEMBERS].len / 4;
    const int32_t *start = tables[STARTS].buf, *member = tables[MEMBERS].buf, *end = tables[ENDS].buf;
    if (self->groups < 0 || tables[ALONE].len / 8 != words || tables[ENDS].len / 4 != keys || tables[LIKELY].len / 8 != pairs)
        return 0;
    for (Py_ssize_t i = 0; i < self->groups; i++)
        if (start[i] < 0 || start[i + 1] < start[i] || start[i + 1] > members || start[i + 1] - start[i] > MOST_ALIKE)
            return 0;
    for (Py_ssize_t i = 0; i < members; i++)
        if (member[i] < 0 || member[i] >= words)
            return 0;
    for (Py_ssize_t i = 0; i < keys; i++)
        if (end[i] <= (i ? end[i - 1] : 0) || end[i] > pairs)
            return 0;
    for (Py_ssize_t i = 0; i < words; i++)
        if (!PyUnicode_Check(PyList_GET_ITEM(self->words, i)))
            return 0;
    return 1;
}

static PyObject *
Likeliest_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *words, *given[TABLES];
    double beam, kept;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "Likeliest: expected arguments by position");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "O!OOOOOOOdd", &PyList_Type, &words, &given[0], &given[1], &given[2], &given[3], &given[4], &given[5],
                          &given[6], &beam, &kept))
        return NULL;
    Likeliest *self = (Likeliest *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->words = PyList_GetSlice(words, 0, PyList_GET_SIZE(words)); /* nobody else's to change */
    for (; self->words != NULL && self->held < TABLES; self->held++)
        if (PyObject_GetBuffer(given[self->held], &self->tables[self->held], PyBUF_C_CONTIGUOUS) < 0)
            break;
    if (self->held < TABLES) {
        Py_DECREF(self);
        return NULL;
    }
    size_t keys = (size_t)self->tables[KEYS].len / 4, slots = 2;
    while (slots < 2 * keys)
        slots *= 2;
    self->groups = self->tables[STARTS].len / 4 - 1;
    if (!tables_fit(self))
        PyErr_SetString(PyExc_ValueError, "Likeliest: tables that do not fit together");
    else if ((self->pairs = calloc(slots, sizeof(Pairs))) == NULL)
        PyErr_NoMemory();
    if (self->pairs == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    self->mask = slots - 1;
    self->beam = beam;
    self->kept = kept;
    for (size_t i = 0; i < keys; i++) {
        uint32_t key = ((const uint32_t *)self->tables[KEYS].buf)[i];
        const uint32_t *end = self->tables[ENDS].buf;
        size_t place = pairs_slot(key, self->mask);
        while (self->pairs[place].end)
            place = (place + 1) & self->mask;
        self->pairs[place] = (Pairs){key, i ? end[i - 1] : 0, end[i]};
    }
    return (PyObject *)self;
}

/* What is known of two neighbours; see `_known` in normalize/likeliest.py. */
static Pairs
known_pairs(const Likeliest *self, const Word *first, const Word *second)
{
    if (first->group >= 0 && second->group >= 0 && (first->flags & CAPITAL || !(second->flags & CAPITAL))) {
        uint32_t key = (uint32_t)first->group << 16 | (uint32_t)second->group;
        for (size_t place = pairs_slot(key, self->mask); self->pairs[place].end; place = (place + 1) & self->mask)
            if (self->pairs[place].key == key)
                return self->pairs[place];
    }
    return (Pairs){0};
}

/* The number of what a word may be. */
static int32_t
member(const Likeliest *self, const Word *word, int place)
{
    const int32_t *starts = self->tables[STARTS].buf, *members = self->tables[MEMBERS].buf;
    return members[starts[word->group] + place];
}

static int
is_known(const Likeliest *self, const Word *word)
{
    const int32_t *starts = self->tables[STARTS].buf;
    return word->group == UNSEEN || (word->group < self->groups && word->high <= starts[word->group + 1] - starts[word->group]);
}

/* The best way to each of what a word may be, given that to each of what stands before it. */
static void
follow(const Likeliest *self, const Word *before, const Word *word, double kept, double *scores, int *most, uint8_t *ways)
{
    const double *alone = self->tables[ALONE].buf, *likely = self->tables[LIKELY].buf;
    const uint8_t *places = self->tables[PLACES].buf;
    double best[MOST_ALIKE], top = before ? scores[*most] : 0.0, least = before ? top - self->beam : 0.0;
    for (int j = word->low; j < word->high; j++) {
        best[j] = top + (word->group == UNSEEN ? 0.0 : alone[member(self, word, j)]);
        ways[j] = (uint8_t)*most;
    }
    Pairs pairs = before ? known_pairs(self, before, word) : (Pairs){0};
    for (uint32_t pair = pairs.start; pair < pairs.end; pair++) {
        int i = places[pair] / MOST_ALIKE, j = places[pair] % MOST_ALIKE;
        if (i >= before->low && i < before->high && j >= word->low && j < word->high && scores[i] >= least &&
            scores[i] + likely[pair] > best[j]) {
            best[j] = scores[i] + likely[pair];
            ways[j] = (uint8_t)i;
        }
    }
    if (word->stands >= 0)
        best[word->stands] += kept;
    *most = word->low;
    for (int j = word->low; j < word->high; j++) {
        scores[j] = best[j];
        if (best[j] > best[*most])
            *most = j;
    }
}

/* What each of a row's words is in the likeliest one, among the members of its group, into `places`. `ways` has room for `MOST_ALIKE` each. */
static void
find_row(const Likeliest *self, const Word *const *row, Py_ssize_t number, double kept, uint8_t *ways, uint8_t *places)
{
    double scores[MOST_ALIKE];
    int most = 0;
    for (Py_ssize_t i = 0; i < number; i++)
        follow(self, i ? row[i - 1] : NULL, row[i], kept, scores, &most, ways + i * MOST_ALIKE);
    for (Py_ssize_t i = number - 1; i >= 0; i--) {
        places[i] = (uint8_t)most;
        most = ways[i * MOST_ALIKE + most];
    }
}

static int
is_other(const Word *word, uint8_t place)
{
    return word->group != UNSEEN && place != (uint8_t)word->stands;
}

/* The text with each word exchanged for the member of its group that `places` tells. */
static PyObject *
exchanged(const Likeliest *self, const Word *const *row, const uint8_t *places, Py_ssize_t number, PyObject *text)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text), position = 0;
    Py_UCS4 *points = PyUnicode_AsUCS4Copy(text);
    if (points == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < number; i++) {
        while (position < length && Py_UNICODE_ISSPACE(points[position]))
            position++;
        Py_ssize_t start = position + row[i]->start;
        while (position < length && !Py_UNICODE_ISSPACE(points[position]))
            position++;
        if (!is_other(row[i], places[i]))
            continue;
        PyObject *word = PyList_GET_ITEM(self->words, member(self, row[i], places[i]));
        if (PyUnicode_GET_LENGTH(word) > position - start) {
            PyErr_SetString(PyExc_ValueError, "ids: expected those of the text's chunks");
            PyMem_Free(points);
            return NULL;
        }
        int capitals = 0, others = 0; /* a sign for a letter has no case of its own */
        for (Py_ssize_t c = 0; c < PyUnicode_GET_LENGTH(word); c++) {
            capitals |= Py_UNICODE_ISUPPER(points[start + c]);
            others |= Py_UNICODE_ISLOWER(points[start + c]) || Py_UNICODE_ISTITLE(points[start + c]);
        }
        for (Py_ssize_t c = 0; c < PyUnicode_GET_LENGTH(word); c++) {
            Py_UCS4 letter = PyUnicode_READ_CHAR(word, c);
            int capital = (capitals && !others) || Py_UNICODE_ISUPPER(points[start + c]);
            points[start + c] = capital ? Py_UNICODE_TOUPPER(letter) : letter;
        }
    }
    PyObject *made = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, points, length);
    PyMem_Free(points);
    return made;
}

/* See `restore` in normalize/likeliest.py. */
static PyObject *
restored(const Likeliest *self, const Word **row, Py_ssize_t number, uint8_t *ways, uint8_t *places, PyObject *text)
{
    Py_ssize_t syllables = 0, marked = 0, others = 0;
    for (Py_ssize_t i = 0; i < number; i++) {
        if (!is_known(self, row[i])) {
            PyErr_SetString(PyExc_ValueError, "words: expected those of groups that are known");
            return NULL;
        }
        syllables += (row[i]->flags & SYLLABLE) > 0;
        marked += (row[i]->flags & (SYLLABLE | MARKED)) == (SYLLABLE | MARKED);
        others += (row[i]->flags & (SYLLABLE | TEXT)) == TEXT;
        places[i] = (uint8_t)row[i]->stands;
    }
    int plain = 4 * marked < syllables, changes = 0;
    if (syllables >= others) {
        double share = 2.0 * (double)marked / (double)(syllables > 1 ? syllables : 1), kept = self->kept * (share < 1.0 ? share : 1.0);
        for (Py_ssize_t low = -1, high; low < number; low = high) { /* from one certain word to the next: what lies beyond has no say */
            for (high = plain ? number : low + 1; high < number && !(row[high]->flags & CERTAIN);)
                high++;
            Py_ssize_t first = low > 0 ? low : 0, end = high < number ? high + 1 : number;
            if (high - low > 1)
                find_row(self, row + first, end - first, kept, ways, places + first);
        }
        for (Py_ssize_t i = 0; i < number; i++)
            changes |= is_other(row[i], places[i]);
    }
    return Py_BuildValue("NO", changes ? exchanged(self, row, places, number, text) : Py_NewRef(text), plain ? Py_True : Py_False);
}

static PyObject *
Likeliest_restore(Likeliest *self, PyObject *args)
{
    PyObject *words, *ids, *text, *result = NULL;
    if (!PyArg_ParseTuple(args, "O!O!U", &WordsType, &words, &PyList_Type, &ids, &text))
        return NULL;
    Py_ssize_t number = PyList_GET_SIZE(ids);
    const Word **row = malloc((size_t)(number + 1) * (sizeof(Word *) + MOST_ALIKE + 1));
    if (row == NULL)
        return PyErr_NoMemory();
    uint8_t *ways = (uint8_t *)(row + number), *places = ways + number * MOST_ALIKE;
    Py_ssize_t told = 0;
    while (told < number && (row[told] = word_at((Words *)words, ids, told)) != NULL)
        told++;
    if (told == number)
        result = restored(self, row, number, ways, places, text);
    else if (!PyErr_Occurred())
        result = Py_NewRef(Py_None);
    free(row);
    return result;
}

static PyMethodDef likeliest_methods[] = {
    {"restore", (PyCFunction)Likeliest_restore, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject LikeliestType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "contentfilter._kernel.Likeliest",
    .tp_basicsize = sizeof(Likeliest),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = Likeliest_new,
    .tp_dealloc = (destructor)Likeliest_dealloc,
    .tp_methods = likeliest_methods,
};
