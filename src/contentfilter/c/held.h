/* What of a key's terms holds where it was found, by what is written there, and what was asked of windows of lines: worked out in Python
   once, and remembered. */

#pragma once

#include "companies.h"

enum {
    TELLING = 1, /* is a text looked at for its sake? */
    NEGATIVE = 2, /* speaks it against a harm? */
    SPECIAL = 4, /* is more asked before it counts, by Python? */
    SEGMENT = 8,
    ABUSIVE = 16,
    AMONG = 32, /* holds it without its tones only where its writer drops them? */
    ADDRESSED = 64, /* asks it for company where its tones are missing? */
    DROPPED = 128, /* were its diacritics left out? */
    PARTIAL = 256, /* may it be a part of a syllable? */
    PLAIN = 512, /* may it be found in the first line alone? */
    SILENT = 1024, /* is it of no category? */
};

typedef struct {
    PyObject *term, *steps;
    int32_t missing;
    int32_t company; /* its number; -1 for none */
    int32_t within; /* syllables */
    uint32_t categories; /* a bit each */
    uint32_t flags;
} Held;

typedef struct {
    uint64_t hash;
    uint32_t key;
    uint32_t start, length; /* its code points */
    uint32_t first, number; /* of what is held */
    uint32_t allowed; /* is it a phrase that is allowed, or, of a window, is the question answered with yes? */
} Written;

typedef struct {
    uint32_t *slots; /* of `every`, and one more; 0 where empty; a power of two, more than twice as many */
    size_t mask;
    Growing every; /* Written */
    Growing held; /* Held */
    Growing points; /* uint32_t */
} Memory;

static void
forget(Memory *memory)
{
    size_t number = memory->held.used;
    Held *held = memory->held.content;
    free(memory->slots);
    free(memory->every.content);
    free(memory->points.content);
    memset(memory, 0, sizeof(*memory)); /* before any destructor runs */
    for (size_t i = 0; i < number; i++) {
        Py_DECREF(held[i].term);
        Py_DECREF(held[i].steps);
    }
    free(held);
}

/* The slot of a key as it is written, or the free one where it would be. */
static uint32_t *
written_slot(const Memory *memory, uint64_t hash, uint32_t key, const uint32_t *points, uint32_t length)
{
    for (size_t place = hash & memory->mask;; place = (place + 1) & memory->mask) {
        uint32_t *slot = &memory->slots[place];
        if (*slot == 0)
            return slot;
        const Written *one = (const Written *)memory->every.content + (*slot - 1);
        if (one->hash == hash && one->key == key && one->length == length &&
            memcmp((const uint32_t *)memory->points.content + one->start, points, length * sizeof(uint32_t)) == 0)
            return slot;
    }
}

/* What is remembered of a key as it is written; NULL for nothing yet. */
static const Written *
remembered(const Memory *memory, uint32_t key, const uint32_t *points, uint32_t length)
{
    if (memory->slots == NULL)
        return NULL;
    uint32_t slot = *written_slot(memory, hash_points(key, points, length), key, points, length);
    return slot == 0 ? NULL : (const Written *)memory->every.content + (slot - 1);
}

static int
widen_memory(Memory *memory)
{
    size_t number = memory->slots == NULL ? 1024 : 2 * (memory->mask + 1);
    uint32_t *slots = calloc(number, sizeof(uint32_t));
    if (slots == NULL) {
        PyErr_NoMemory();
        return 0;
    }
    for (size_t i = 0; i < memory->every.used; i++) {
        size_t place = ((const Written *)memory->every.content)[i].hash & (number - 1);
        while (slots[place] != 0)
            place = (place + 1) & (number - 1);
        slots[place] = (uint32_t)i + 1;
    }
    free(memory->slots);
    memory->slots = slots;
    memory->mask = number - 1;
    return 1;
}

/* Append what is held, tuples of (term, steps, missing, company, within, categories, flags). */
static int
append_held(Memory *memory, PyObject *rows, size_t companies)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(rows); i++) {
        Held one;
        PyObject *row = PyList_GET_ITEM(rows, i);
        if (!PyTuple_Check(row)) {
            PyErr_Format(PyExc_TypeError, "held[%zd]: expected a tuple", i);
            return 0;
        }
        if (!PyArg_ParseTuple(row, "OO!iiiII", &one.term, &PyTuple_Type, &one.steps, &one.missing, &one.company, &one.within,
                              &one.categories, &one.flags))
            return 0;
        if (one.company < -1 || (one.company >= 0 && (size_t)one.company >= companies)) {
            PyErr_Format(PyExc_ValueError, "held[%zd]: there is no company %d", i, one.company);
            return 0;
        }
        if (!grow(&memory->held, 1, sizeof(Held)))
            return 0;
        Py_INCREF(one.term);
        Py_INCREF(one.steps);
        ((Held *)memory->held.content)[memory->held.used++] = one;
    }
    return 1;
}

/* Remember what holds of a key as it is written. */
static int
remember(Memory *memory, uint32_t key, PyObject *written, int allowed, PyObject *rows, size_t companies)
{
    uint32_t length = (uint32_t)PyUnicode_GET_LENGTH(written), first = (uint32_t)memory->held.used;
    if (2 * (memory->every.used + 1) > memory->mask && !widen_memory(memory))
        return 0;
    if (memory->points.used + length > UINT32_MAX || memory->held.used + (size_t)PyList_GET_SIZE(rows) > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "more than is remembered");
        return 0;
    }
    if (!grow(&memory->points, length, sizeof(uint32_t)) || !grow(&memory->every, 1, sizeof(Written)))
        return 0;
    uint32_t *points = (uint32_t *)memory->points.content + memory->points.used;
    for (uint32_t c = 0; c < length; c++)
        points[c] = PyUnicode_READ_CHAR(written, c);
    uint64_t hash = hash_points(key, points, length);
    uint32_t *slot = written_slot(memory, hash, key, points, length);
    if (*slot != 0)
        return 1; /* another thread has told it meanwhile */
    if (!append_held(memory, rows, companies)) {
        while (memory->held.used > first) {
            Held *last = (Held *)memory->held.content + --memory->held.used;
            Py_DECREF(last->term);
            Py_DECREF(last->steps);
        }
        return 0;
    }
    ((Written *)memory->every.content)[memory->every.used++] =
        (Written){hash, key, (uint32_t)memory->points.used, length, first, (uint32_t)memory->held.used - first, (uint32_t)allowed};
    memory->points.used += length;
    *slot = (uint32_t)memory->every.used;
    return 1;
}
