/* `Index`: chunks → ids; its twin in Python is in index.py. */

#pragma once

#include "memory.h"

typedef struct {
    uint64_t hash;
    uint32_t id; /* FREE in an empty slot */
    uint32_t key; /* where in the keys its length stands, and behind that its code points */
} Slot;

#define FREE UINT32_MAX

typedef struct {
    PyObject_HEAD
    uint64_t seed;
    Slot *slots;
    size_t mask; /* slots less one; their number is a power of two, at least twice that of the chunks */
    size_t count;
    Growing keys; /* uint32_t */
} Index;

static inline uint64_t
hash_step(uint64_t hash, uint32_t point)
{
    hash = (hash ^ point) * 0x9E3779B97F4A7C15u;
    return hash ^ (hash >> 32);
}

/* The slot of the chunk data[start:end], or the free one where it would be. */
static Slot *
seek(const Index *self, uint64_t hash, int kind, const void *data, Py_ssize_t start, Py_ssize_t end)
{
    for (size_t place = hash & self->mask;; place = (place + 1) & self->mask) {
        Slot *slot = &self->slots[place];
        if (slot->id == FREE)
            return slot;
        if (slot->hash != hash)
            continue;
        const uint32_t *key = (const uint32_t *)self->keys.content + slot->key;
        if (key[0] != (uint32_t)(end - start))
            continue;
        Py_ssize_t i = start;
        while (i < end && PyUnicode_READ(kind, data, i) == key[1 + i - start])
            i++;
        if (i == end)
            return slot;
    }
}

static uint64_t
hash_of(const Index *self, int kind, const void *data, Py_ssize_t length)
{
    uint64_t hash = self->seed;
    for (Py_ssize_t i = 0; i < length; i++)
        hash = hash_step(hash, PyUnicode_READ(kind, data, i));
    return hash;
}

static Slot *
free_slots(size_t number)
{
    Slot *slots = malloc(number * sizeof(Slot));
    if (slots == NULL)
        PyErr_NoMemory();
    else
        memset(slots, 0xff, number * sizeof(Slot)); /* every id FREE */
    return slots;
}

static PyObject *
Index_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    unsigned long long seed;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "Index: expected a seed, by position");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "K", &seed))
        return NULL;
    Index *self = (Index *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->seed = seed;
    self->mask = 1023;
    self->slots = free_slots(self->mask + 1);
    if (self->slots == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void
Index_dealloc(Index *self)
{
    free(self->slots);
    free(self->keys.content);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static int
widen(Index *self)
{
    size_t number = 2 * (self->mask + 1);
    Slot *slots = free_slots(number);
    if (slots == NULL)
        return 0;
    for (size_t old = 0; old <= self->mask; old++) {
        if (self->slots[old].id == FREE)
            continue;
        size_t place = self->slots[old].hash & (number - 1);
        while (slots[place].id != FREE)
            place = (place + 1) & (number - 1);
        slots[place] = self->slots[old];
    }
    free(self->slots);
    self->slots = slots;
    self->mask = number - 1;
    return 1;
}

static PyObject *
Index_add(Index *self, PyObject *chunks)
{
    if (!PyList_Check(chunks)) {
        PyErr_SetString(PyExc_TypeError, "chunks: expected a list of str");
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(chunks); i++) {
        PyObject *chunk = PyList_GET_ITEM(chunks, i);
        if (!PyUnicode_Check(chunk)) {
            PyErr_Format(PyExc_TypeError, "chunks[%zd]: expected str", i);
            return NULL;
        }
        Py_ssize_t length = PyUnicode_GET_LENGTH(chunk);
        int kind = PyUnicode_KIND(chunk);
        const void *data = PyUnicode_DATA(chunk);
        if (2 * (self->count + 1) > self->mask + 1 && !widen(self))
            return NULL;
        if (self->count >= FREE - 1 || self->keys.used + (size_t)length + 1 > UINT32_MAX) {
            PyErr_SetString(PyExc_OverflowError, "chunks: more than an index holds");
            return NULL;
        }
        if (!grow(&self->keys, (size_t)length + 1, sizeof(uint32_t)))
            return NULL;
        uint64_t hash = hash_of(self, kind, data, length);
        Slot *slot = seek(self, hash, kind, data, 0, length);
        if (slot->id != FREE) {
            PyErr_Format(PyExc_ValueError, "chunks[%zd]: known already", i);
            return NULL;
        }
        uint32_t *key = (uint32_t *)self->keys.content + self->keys.used;
        key[0] = (uint32_t)length;
        for (Py_ssize_t c = 0; c < length; c++)
            key[1 + c] = PyUnicode_READ(kind, data, c);
        *slot = (Slot){hash, (uint32_t)self->count, (uint32_t)self->keys.used};
        self->keys.used += (size_t)length + 1;
        self->count++;
    }
    Py_RETURN_NONE;
}

static PyObject *
Index_find(Index *self, PyObject *chunks)
{
    if (!PyList_Check(chunks)) {
        PyErr_SetString(PyExc_TypeError, "chunks: expected a list of str");
        return NULL;
    }
    Py_ssize_t number = PyList_GET_SIZE(chunks);
    PyObject *ids = PyList_New(number);
    for (Py_ssize_t i = 0; ids != NULL && i < number; i++) {
        PyObject *chunk = PyList_GET_ITEM(chunks, i);
        if (!PyUnicode_Check(chunk)) {
            PyErr_Format(PyExc_TypeError, "chunks[%zd]: expected str", i);
            Py_CLEAR(ids);
            break;
        }
        Py_ssize_t length = PyUnicode_GET_LENGTH(chunk);
        const void *data = PyUnicode_DATA(chunk);
        uint32_t id = seek(self, hash_of(self, PyUnicode_KIND(chunk), data, length), PyUnicode_KIND(chunk), data, 0, length)->id;
        PyObject *found = PyLong_FromLong(id == FREE ? -1 : (long)id);
        if (found == NULL)
            Py_CLEAR(ids);
        else
            PyList_SET_ITEM(ids, i, found);
    }
    return ids;
}

typedef struct {
    Py_ssize_t text, start, end;
} Unknown;

typedef struct {
    uint64_t hash;
    Py_ssize_t start, end;
} Chunk;

/* As `Py_UNICODE_ISSPACE`, without a call for the letters of Vietnamese. */
static inline int
is_space(Py_UCS4 point)
{
    if (point < 0x1680)
        return point < 128 ? Py_UNICODE_ISSPACE(point) : point == 0x85 || point == 0xA0;
    return (point < 0x1E00 || point > 0x1FFF) && Py_UNICODE_ISSPACE(point);
}

/* Where a text's chunks stand, and their hashes; their slots are on the way from memory then. */
static int
find_chunks(const Index *self, int kind, const void *data, Py_ssize_t length, Growing *chunks)
{
    chunks->used = 0;
    for (Py_ssize_t start = 0; start < length;) {
        Py_UCS4 point = PyUnicode_READ(kind, data, start);
        if (is_space(point)) {
            start++;
            continue;
        }
        uint64_t hash = self->seed;
        Py_ssize_t end = start;
        do {
            hash = hash_step(hash, point);
            if (++end == length)
                break;
            point = PyUnicode_READ(kind, data, end);
        } while (!is_space(point));
        PREFETCH(&self->slots[hash & self->mask]);
        if (!grow(chunks, 1, sizeof(Chunk)))
            return 0;
        ((Chunk *)chunks->content)[chunks->used++] = (Chunk){hash, start, end};
        start = end;
    }
    return 1;
}

/* The ids of a text's chunks, marked in `used`; those of unknown chunks are -1, and their places noted. `chunks` is room for the work. */
static int
split_text(const Index *self, PyObject *text, Py_ssize_t position, Py_buffer *used, Growing *ids, Growing *unknown, Growing *chunks)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    if (!find_chunks(self, kind, data, PyUnicode_GET_LENGTH(text), chunks) || !grow(ids, chunks->used, sizeof(int64_t)))
        return 0;
    for (size_t i = 0; i < chunks->used; i++) {
        Chunk chunk = ((Chunk *)chunks->content)[i];
        uint32_t id = seek(self, chunk.hash, kind, data, chunk.start, chunk.end)->id;
        ((int64_t *)ids->content)[ids->used++] = id == FREE ? -1 : (int64_t)id;
        if (id == FREE) {
            if (!grow(unknown, 1, sizeof(Unknown)))
                return 0;
            ((Unknown *)unknown->content)[unknown->used++] = (Unknown){position, chunk.start, chunk.end};
        }
        else if ((Py_ssize_t)id < used->len)
            ((char *)used->buf)[id] = 1;
    }
    return 1;
}

static PyObject *
Index_split(Index *self, PyObject *args)
{
    PyObject *texts, *result = NULL, *new = NULL;
    Py_buffer used;
    Growing ids = {0}, counts = {0}, unknown = {0}, chunks = {0};
    if (!PyArg_ParseTuple(args, "O!w*", &PyList_Type, &texts, &used))
        return NULL;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(texts); i++) {
        PyObject *text = PyList_GET_ITEM(texts, i);
        size_t before = ids.used;
        if (!PyUnicode_Check(text)) {
            PyErr_Format(PyExc_TypeError, "texts[%zd]: expected str", i);
            goto done;
        }
        if (!split_text(self, text, i, &used, &ids, &unknown, &chunks) || !grow(&counts, 1, sizeof(int64_t)))
            goto done;
        ((int64_t *)counts.content)[counts.used++] = (int64_t)(ids.used - before);
    }
    if ((new = PyList_New((Py_ssize_t)unknown.used)) == NULL)
        goto done;
    for (size_t i = 0; i < unknown.used; i++) {
        Unknown one = ((Unknown *)unknown.content)[i];
        PyObject *chunk = PyUnicode_Substring(PyList_GET_ITEM(texts, one.text), one.start, one.end);
        if (chunk == NULL)
            goto done;
        PyList_SET_ITEM(new, (Py_ssize_t)i, chunk);
    }
    result = Py_BuildValue(
        "NNO", PyByteArray_FromStringAndSize(ids.content, (Py_ssize_t)(ids.used * sizeof(int64_t))),
        PyByteArray_FromStringAndSize(counts.content, (Py_ssize_t)(counts.used * sizeof(int64_t))), new);
done:
    Py_XDECREF(new);
    free(ids.content);
    free(counts.content);
    free(unknown.content);
    free(chunks.content);
    PyBuffer_Release(&used);
    return result;
}

static PyMethodDef index_methods[] = {
    {"add", (PyCFunction)Index_add, METH_O, NULL},
    {"find", (PyCFunction)Index_find, METH_O, NULL},
    {"split", (PyCFunction)Index_split, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject IndexType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "contentfilter._kernel.Index",
    .tp_basicsize = sizeof(Index),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = Index_new,
    .tp_dealloc = (destructor)Index_dealloc,
    .tp_methods = index_methods,
};
