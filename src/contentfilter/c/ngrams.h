/* `ngram_sums` and `word_keys` of new chunks; their twins are in model/features.py. */

#pragma once

#include "adder.h"

#define LONGEST_NGRAM 6
#define LONGEST_CHUNK 64
#define MOST_NGRAMS ((LONGEST_CHUNK + 2) * LONGEST_NGRAM)

/* The buckets of a string's n-grams, see `chunk_ngrams` in model/features.py. */
static int
buckets_of(PyObject *string, uint64_t seed, int shift, uint64_t *buckets)
{
    uint32_t points[LONGEST_CHUNK + 2];
    int kind = PyUnicode_KIND(string), found = 0;
    const void *data = PyUnicode_DATA(string);
    int count = (int)PyUnicode_GET_LENGTH(string) + 2;
    points[0] = 2;
    for (int i = 1; i < count - 1; i++)
        points[i] = PyUnicode_READ(kind, data, i - 1);
    points[count - 1] = 3;
    for (int start = 0; start < count; start++) {
        uint64_t rolling = seed;
        for (int end = start; end < count && end < start + LONGEST_NGRAM; end++) {
            rolling = rolling * 0x9E3779B97F4A7C15u + points[end];
            if (end > start || (start > 0 && start < count - 1))
                buckets[found++] = ((rolling ^ (rolling >> 31)) * 0xBF58476D1CE4E5B9u) >> shift;
        }
    }
    return found;
}

static PyObject *
ngram_sums(PyObject *module, PyObject *args)
{
    PyObject *lists[2], *result = NULL;
    Py_buffer weights;
    Py_ssize_t heads;
    if (!PyArg_ParseTuple(args, "O!O!y*n", &PyList_Type, &lists[0], &PyList_Type, &lists[1], &weights, &heads))
        return NULL;
    Py_ssize_t number = PyList_GET_SIZE(lists[0]);
    int shift = heads > 0 ? shift_of(weights.len / (heads * (Py_ssize_t)sizeof(int16_t))) : -1;
    if (shift < 0 || PyList_GET_SIZE(lists[1]) != number) {
        PyErr_SetString(PyExc_ValueError, "ngram_sums: expected two lists of one length, and 2^n rows of weights");
        goto done;
    }
    if ((result = PyByteArray_FromStringAndSize(NULL, number * (heads + 1) * (Py_ssize_t)sizeof(int64_t))) == NULL)
        goto done;
    int64_t *out = (int64_t *)PyByteArray_AS_STRING(result);
    memset(out, 0, (size_t)(number * (heads + 1)) * sizeof(int64_t));
    for (Py_ssize_t i = 0; i < number; i++, out += heads + 1)
        for (int view = 0; view < 2; view++) {
            uint64_t buckets[MOST_NGRAMS];
            PyObject *string = PyList_GET_ITEM(lists[view], i);
            if (!PyUnicode_Check(string) || PyUnicode_GET_LENGTH(string) > LONGEST_CHUNK) {
                PyErr_Format(PyExc_ValueError, "ngram_sums: item %zd: expected str of at most %d characters", i, LONGEST_CHUNK);
                Py_CLEAR(result);
                goto done;
            }
            int found = buckets_of(string, (uint64_t)view + 1, shift, buckets);
            for (int n = 0; n < found; n++)
                PREFETCH((const int16_t *)weights.buf + buckets[n] * (uint64_t)heads);
            for (int n = 0; n < found; n++) {
                const int16_t *own = (const int16_t *)weights.buf + buckets[n] * (uint64_t)heads;
                for (Py_ssize_t head = 0; head < heads; head++)
                    out[head] += own[head];
            }
            out[heads] += found;
        }
done:
    PyBuffer_Release(&weights);
    return result;
}

/* For each word what it brings to a pair as the left and as the right neighbour. */
static PyObject *
word_keys(PyObject *module, PyObject *words)
{
    if (!PyList_Check(words)) {
        PyErr_SetString(PyExc_TypeError, "words: expected a list of str");
        return NULL;
    }
    Py_ssize_t number = PyList_GET_SIZE(words);
    PyObject *result = PyByteArray_FromStringAndSize(NULL, number * 2 * (Py_ssize_t)sizeof(uint64_t));
    if (result == NULL)
        return NULL;
    uint64_t *out = (uint64_t *)PyByteArray_AS_STRING(result);
    for (Py_ssize_t i = 0; i < number; i++) {
        PyObject *word = PyList_GET_ITEM(words, i);
        if (!PyUnicode_Check(word)) {
            PyErr_Format(PyExc_TypeError, "words[%zd]: expected str", i);
            Py_DECREF(result);
            return NULL;
        }
        uint64_t hash = 5381;
        for (Py_ssize_t c = 0; c < PyUnicode_GET_LENGTH(word); c++)
            hash = hash * 0x9E3779B97F4A7C15u + PyUnicode_READ_CHAR(word, c);
        hash ^= hash >> 29;
        *out++ = hash * 0x94D049BB133111EBu;
        *out++ = (hash ^ (hash >> 31)) * 0xBF58476D1CE4E5B9u * 0xD6E8FEB86659FD93u;
    }
    return result;
}
