/* `Likeliest`: the likeliest row of words; its twin is in normalize/likeliest.py. */

#pragma once

#include "memory.h"

#define MOST_ALIKE 8

typedef struct {
    int32_t count, own; /* `own` is -1 where the word as it stands is none of them */
    int32_t number[MOST_ALIKE];
    double alone[MOST_ALIKE];
} Alike;

typedef struct {
    uint32_t key;
    uint32_t taken;
    double likely;
} Pair;

typedef struct {
    PyObject_HEAD
    Pair *pairs;
    size_t mask; /* slots less one; their number is a power of two, at least twice that of the pairs */
    double beam;
} Likeliest;

static inline size_t
pair_slot(uint32_t key, size_t mask)
{
    return (size_t)((key * 0x9E3779B97F4A7C15u) >> 24) & mask;
}

static PyObject *
Likeliest_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Py_buffer keys, likely;
    double beam;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "Likeliest: expected arguments by position");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "y*y*d", &keys, &likely, &beam))
        return NULL;
    size_t number = (size_t)keys.len / sizeof(uint32_t), slots = 2;
    while (slots < 2 * number)
        slots *= 2;
    Likeliest *self = NULL;
    if (number != (size_t)likely.len / sizeof(double))
        PyErr_SetString(PyExc_ValueError, "Likeliest: expected as many log-odds as keys");
    else if ((self = (Likeliest *)type->tp_alloc(type, 0)) != NULL && (self->pairs = calloc(slots, sizeof(Pair))) == NULL) {
        Py_CLEAR(self);
        PyErr_NoMemory();
    }
    if (self != NULL) {
        self->mask = slots - 1;
        self->beam = beam;
        for (size_t i = 0; i < number; i++) {
            uint32_t key = ((const uint32_t *)keys.buf)[i];
            size_t place = pair_slot(key, self->mask);
            while (self->pairs[place].taken)
                place = (place + 1) & self->mask;
            self->pairs[place] = (Pair){key, 1, ((const double *)likely.buf)[i]};
        }
    }
    PyBuffer_Release(&keys);
    PyBuffer_Release(&likely);
    return (PyObject *)self;
}

static void
Likeliest_dealloc(Likeliest *self)
{
    free(self->pairs);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static const Pair *
pair_of(const Likeliest *self, int32_t first, int32_t second)
{
    if (first < 0 || second < 0)
        return NULL;
    uint32_t key = (uint32_t)first << 16 | (uint32_t)second;
    for (size_t place = pair_slot(key, self->mask); self->pairs[place].taken; place = (place + 1) & self->mask)
        if (self->pairs[place].key == key)
            return &self->pairs[place];
    return NULL;
}

/* The best way to each of what a word may be, given that to each of what stands before it. */
static void
follow(const Likeliest *self, const Alike *before, const Alike *word, int linked, double kept, double *scores, int *most, uint8_t *places)
{
    double best[MOST_ALIKE], top = before ? scores[*most] : 0.0, least = before ? top - self->beam : 0.0;
    for (int j = 0; j < word->count; j++) {
        best[j] = top + word->alone[j];
        places[j] = (uint8_t)*most;
    }
    for (int i = 0; linked && i < before->count; i++)
        for (int j = 0; scores[i] >= least && j < word->count; j++) {
            const Pair *pair = pair_of(self, before->number[i], word->number[j]);
            if (pair != NULL && scores[i] + pair->likely > best[j]) {
                best[j] = scores[i] + pair->likely;
                places[j] = (uint8_t)i;
            }
        }
    if (word->own >= 0)
        best[word->own] += kept;
    *most = 0;
    for (int j = 0; j < word->count; j++) {
        scores[j] = best[j];
        if (best[j] > best[*most])
            *most = j;
    }
}

/* A word from its tuple: the numbers of what it may be, the log-odds of each alone, the place of the word as it stands. */
static int
read_alike(PyObject *tuple, Alike *word)
{
    PyObject *numbers, *alone;
    if (!PyArg_ParseTuple(tuple, "O!O!i", &PyList_Type, &numbers, &PyList_Type, &alone, &word->own))
        return 0;
    word->count = PyList_GET_SIZE(numbers) <= MOST_ALIKE ? (int32_t)PyList_GET_SIZE(numbers) : 0;
    if (word->count < 1 || PyList_GET_SIZE(alone) != word->count || word->own >= word->count) {
        PyErr_Format(PyExc_ValueError, "expected 1 to %d that look alike, with as many log-odds", MOST_ALIKE);
        return 0;
    }
    for (int j = 0; j < word->count; j++) {
        word->number[j] = (int32_t)PyLong_AsLong(PyList_GET_ITEM(numbers, j));
        word->alone[j] = PyFloat_AsDouble(PyList_GET_ITEM(alone, j));
    }
    return !PyErr_Occurred();
}

static PyObject *
Likeliest_row(Likeliest *self, PyObject *args)
{
    PyObject *words, *linked, *row = NULL;
    Alike known[2];
    double kept, scores[MOST_ALIKE];
    int most = 0;
    if (!PyArg_ParseTuple(args, "O!O!d", &PyList_Type, &words, &PyList_Type, &linked, &kept))
        return NULL;
    Py_ssize_t number = PyList_GET_SIZE(words);
    if (PyList_GET_SIZE(linked) != number) {
        PyErr_SetString(PyExc_ValueError, "words, linked: expected as many of each");
        return NULL;
    }
    uint8_t *places = malloc((size_t)number * MOST_ALIKE + 1);
    if (places == NULL)
        return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < number; i++) {
        Alike *word = &known[i & 1];
        if (!PyTuple_Check(PyList_GET_ITEM(words, i)) || !read_alike(PyList_GET_ITEM(words, i), word))
            goto done;
        int chained = i > 0 && PyList_GET_ITEM(linked, i) == Py_True;
        follow(self, i > 0 ? &known[~i & 1] : NULL, word, chained, kept, scores, &most, places + i * MOST_ALIKE);
    }
    if ((row = PyList_New(number)) == NULL)
        goto done;
    for (Py_ssize_t i = number - 1; i >= 0; i--) {
        PyObject *found = PyList_GET_ITEM(PyTuple_GET_ITEM(PyList_GET_ITEM(words, i), 0), most);
        PyList_SET_ITEM(row, i, Py_NewRef(found));
        most = places[i * MOST_ALIKE + most];
    }
done:
    if (row == NULL && !PyErr_Occurred())
        PyErr_SetString(PyExc_TypeError, "words: expected a list of tuples");
    free(places);
    return row;
}

static PyMethodDef likeliest_methods[] = {
    {"row", (PyCFunction)Likeliest_row, METH_VARARGS, NULL},
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
