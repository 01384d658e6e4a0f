/* `Words`: ids → what the words of chunks may be; its twin is in normalize/likeliest.py. */

#pragma once

#include "memory.h"

#define MOST_ALIKE 8

enum { TEXT = 1, SYLLABLE = 2, MARKED = 4, CAPITAL = 8, CERTAIN = 16 };

typedef struct {
    int32_t group; /* UNSEEN, or UNTOLD_WORD before it is told */
    uint32_t start;
    uint8_t low, high, flags;
    int8_t stands;
} Word;

#define UNSEEN (-1)
#define UNTOLD_WORD (-2)

typedef struct {
    PyObject_HEAD
    Growing words; /* Word */
} Words;

static void
Words_dealloc(Words *self)
{
    free(self->words.content);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *
Words_tell(Words *self, PyObject *args)
{
    Py_ssize_t id, start;
    int group, low, high, stands, flags;
    if (!PyArg_ParseTuple(args, "niiiini", &id, &group, &low, &high, &stands, &start, &flags))
        return NULL;
    int seen = group != UNSEEN;
    if (id < 0 || group < UNSEEN || low < 0 || high <= low || high > (seen ? MOST_ALIKE : 1) || stands < -1 || stands >= high ||
        start < 0 || start > INT32_MAX || flags < 0 || flags > UINT8_MAX) {
        PyErr_Format(PyExc_ValueError, "chunk %zd: expected 1 to %d that look alike", id, MOST_ALIKE);
        return NULL;
    }
    if ((size_t)id >= self->words.used) {
        size_t before = self->words.used, more = (size_t)id + 1 - before;
        if (!grow(&self->words, more, sizeof(Word)))
            return NULL;
        for (size_t i = 0; i < more; i++)
            ((Word *)self->words.content)[before + i].group = UNTOLD_WORD;
        self->words.used += more;
    }
    ((Word *)self->words.content)[id] =
        (Word){group, (uint32_t)start, (uint8_t)low, (uint8_t)high, (uint8_t)flags, (int8_t)stands};
    Py_RETURN_NONE;
}

/* The word of ids[i]; NULL, with an error unless nothing was told of it. */
static const Word *
word_at(const Words *self, PyObject *ids, Py_ssize_t i)
{
    Py_ssize_t id = PyLong_AsSsize_t(PyList_GET_ITEM(ids, i));
    if (id < 0) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_IndexError, "ids[%zd]: no such chunk", i);
        return NULL;
    }
    const Word *word = (const Word *)self->words.content + id;
    return (size_t)id < self->words.used && word->group != UNTOLD_WORD ? word : NULL;
}

static PyObject *
Words_untold(Words *self, PyObject *ids)
{
    if (!PyList_Check(ids)) {
        PyErr_SetString(PyExc_TypeError, "ids: expected a list of int");
        return NULL;
    }
    PyObject *untold = PyList_New(0);
    for (Py_ssize_t i = 0; untold != NULL && i < PyList_GET_SIZE(ids); i++)
        if (word_at(self, ids, i) == NULL && (PyErr_Occurred() || PyList_Append(untold, PyList_GET_ITEM(ids, i)) < 0))
            Py_CLEAR(untold);
    return untold;
}

static PyMethodDef words_methods[] = {
    {"tell", (PyCFunction)Words_tell, METH_VARARGS, NULL},
    {"untold", (PyCFunction)Words_untold, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject WordsType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "contentfilter._kernel.Words",
    .tp_basicsize = sizeof(Words),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = (destructor)Words_dealloc,
    .tp_methods = words_methods,
};
