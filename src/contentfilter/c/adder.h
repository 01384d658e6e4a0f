/* `Adder`: ids → sums and flags; its twin is in model/sums.py. */

#pragma once

#include "memory.h"

enum { PAIR_WEIGHTS, MARKS, PAIR_HASHES, PAIR_ASKS, TRIPLE_HASHES, TRIPLE_ASKS, BUFFERS };

/* What a row of the table begins with; the shares of the heads follow. */
enum { FLAGS, ASKS, OFFERS, LEFT, RIGHT, SHARES };

/* Of a byte of the marks: a pair that announces; the first and the second pair of a triple that does. */
enum { PAIR = 1, TRIPLE = 2, SECOND = 4 };

typedef struct {
    PyObject_HEAD
    Py_buffer buffers[BUFFERS];
    int held; /* buffers to release */
    Py_ssize_t heads;
    int shift, mark_shift;
    int64_t own, fragment;
    uint64_t next;
} Adder;

static void
Adder_dealloc(Adder *self)
{
    for (int i = 0; i < self->held; i++)
        PyBuffer_Release(&self->buffers[i]);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* How far a hash is shifted to index so many buckets; -1 where their number is no power of two. */
static int
shift_of(Py_ssize_t buckets)
{
    int bits = 0;
    while (bits < 62 && ((Py_ssize_t)1 << bits) < buckets)
        bits++;
    return bits > 0 && ((Py_ssize_t)1 << bits) == buckets ? 64 - bits : -1;
}

static PyObject *
Adder_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *given[BUFFERS];
    Py_ssize_t heads;
    long long own, fragment;
    unsigned long long next;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "Adder: expected arguments by position");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "nLLKOOOOOO", &heads, &own, &fragment, &next, &given[0], &given[1], &given[2], &given[3], &given[4], &given[5]))
        return NULL;
    Adder *self = (Adder *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    for (; self->held < BUFFERS; self->held++)
        if (PyObject_GetBuffer(given[self->held], &self->buffers[self->held], PyBUF_C_CONTIGUOUS) < 0) {
            Py_DECREF(self);
            return NULL;
        }
    Py_buffer *buffers = self->buffers;
    self->heads = heads;
    self->own = own;
    self->fragment = fragment;
    self->next = next;
    self->mark_shift = shift_of(buffers[MARKS].len);
    self->shift = heads > 0 ? shift_of(buffers[PAIR_WEIGHTS].len / (heads * (Py_ssize_t)sizeof(int16_t))) : -1;
    if (heads < 1 || self->shift < 0 || self->mark_shift < 0 || buffers[PAIR_HASHES].len != buffers[PAIR_ASKS].len ||
        buffers[TRIPLE_HASHES].len != buffers[TRIPLE_ASKS].len) {
        Py_DECREF(self);
        PyErr_SetString(PyExc_ValueError, "Adder: tables of other sizes than expected");
        return NULL;
    }
    return (PyObject *)self;
}

/* What the sorted table of hashes asks for at `wanted`, 0 where it has it not. */
static int64_t
asked_at(const Py_buffer *hashes, const Py_buffer *asks, uint64_t wanted)
{
    const uint64_t *sorted = hashes->buf;
    size_t low = 0, high = (size_t)hashes->len / sizeof(uint64_t);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < (size_t)hashes->len / sizeof(uint64_t) && sorted[low] == wanted ? ((const int64_t *)asks->buf)[low] : 0;
}

/* One text: its sums into out[0:heads], then the flags seen, what is asked and what is offered. `pairs` has room for its chunks. */
static void
add_text(const Adder *self, const int64_t *rows, const int64_t *ids, int64_t count, uint64_t *pairs, int64_t *restrict out)
{
    const Py_ssize_t heads = self->heads, width = SHARES + heads;
    const int16_t *weights = self->buffers[PAIR_WEIGHTS].buf;
    const uint8_t *marks = self->buffers[MARKS].buf;
    int64_t seen = 0, asked = 0, offered = 0, before = 0, left = 0;
    memset(out, 0, (size_t)heads * sizeof(int64_t));
    for (int64_t i = 0; i < count; i++) {
        const int64_t *row = rows + ids[i] * width;
        if (i + 4 < count) {
            PREFETCH(rows + ids[i + 4] * width);
            PREFETCH(rows + ids[i + 4] * width + 8);
        }
        seen |= (row[FLAGS] & self->own) | (row[FLAGS] & before & self->fragment);
        asked |= row[ASKS];
        offered |= row[OFFERS];
        if (i) {
            uint64_t pair = (uint64_t)left + (uint64_t)row[RIGHT];
            pairs[i - 1] = pair;
            PREFETCH(weights + (pair >> self->shift) * (uint64_t)heads);
            PREFETCH(marks + (pair >> self->mark_shift));
        }
        before = row[FLAGS];
        left = row[LEFT];
        for (Py_ssize_t head = 0; head < heads; head++)
            out[head] += row[SHARES + head];
    }
    uint8_t last = 0;
    for (int64_t i = 0; i + 1 < count; i++) {
        const int16_t *own = weights + (pairs[i] >> self->shift) * (uint64_t)heads;
        for (Py_ssize_t head = 0; head < heads; head++)
            out[head] += (int64_t)own[head] * 256; /* SHARE_UNITS */
        uint8_t mark = marks[pairs[i] >> self->mark_shift];
        if (mark & PAIR)
            asked |= asked_at(&self->buffers[PAIR_HASHES], &self->buffers[PAIR_ASKS], pairs[i]);
        if ((last & TRIPLE) && (mark & SECOND))
            asked |= asked_at(&self->buffers[TRIPLE_HASHES], &self->buffers[TRIPLE_ASKS], pairs[i - 1] * self->next + pairs[i]);
        last = mark;
    }
    out[heads] = seen;
    out[heads + 1] = asked;
    out[heads + 2] = offered;
}

static PyObject *
Adder_add(Adder *self, PyObject *args)
{
    Py_buffer rows, ids, counts;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*y*", &rows, &ids, &counts))
        return NULL;
    const Py_ssize_t row_size = (SHARES + self->heads) * (Py_ssize_t)sizeof(int64_t), out_width = self->heads + 3;
    const int64_t *id = ids.buf, *count = counts.buf;
    const Py_ssize_t number = counts.len / (Py_ssize_t)sizeof(int64_t), known = rows.len / row_size;
    int64_t left = ids.len / (Py_ssize_t)sizeof(int64_t), most = 0;
    uint64_t *pairs = NULL;
    for (int64_t i = 0; i < left; i++)
        if (id[i] < 0 || id[i] >= known) {
            PyErr_Format(PyExc_IndexError, "ids[%lld]: no such row", (long long)i);
            goto done;
        }
    for (Py_ssize_t i = 0; i < number; i++) {
        left = count[i] < 0 ? -1 : left - count[i];
        if (left < 0)
            break;
        most = count[i] > most ? count[i] : most;
    }
    if (left != 0) {
        PyErr_SetString(PyExc_ValueError, "counts: expected to sum up to the number of ids");
        goto done;
    }
    if ((pairs = malloc((size_t)(most + 1) * sizeof(uint64_t))) == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if ((result = PyByteArray_FromStringAndSize(NULL, number * out_width * (Py_ssize_t)sizeof(int64_t))) == NULL)
        goto done;
    int64_t *out = (int64_t *)PyByteArray_AS_STRING(result);
    for (Py_ssize_t i = 0; i < number; id += count[i], out += out_width, i++)
        add_text(self, rows.buf, id, count[i], pairs, out);
done:
    free(pairs);
    PyBuffer_Release(&rows);
    PyBuffer_Release(&ids);
    PyBuffer_Release(&counts);
    return result;
}

static PyMethodDef adder_methods[] = {
    {"add", (PyCFunction)Adder_add, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject AdderType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "contentfilter._kernel.Adder",
    .tp_basicsize = sizeof(Adder),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = Adder_new,
    .tp_dealloc = (destructor)Adder_dealloc,
    .tp_methods = adder_methods,
};
