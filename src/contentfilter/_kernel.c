/* The path that every text takes, compiled: split → ids → sums, and the sums of a new chunk's n-grams.

   Each part has a twin in Python, which says what it does and runs where nothing was compiled: `Index` in index.py, `Forms` in
   forms.py, `Adder` in model/sums.py, `Likeliest` in normalize/likeliest.py, `ngram_sums` and `word_keys` in model/features.py. tests/test_kernel.py holds both to the same answers. Nothing here calls Python code
   while it works, and all of it runs under the interpreter's lock. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)0)
#endif

/* ---- memory that grows ---- */

typedef struct {
    void *content;
    size_t used, room; /* elements */
} Growing;

/* Room for one more element of `size` bytes; 0 and a MemoryError where there is none. */
static int
grow(Growing *growing, size_t more, size_t size)
{
    if (growing->used + more <= growing->room)
        return 1;
    size_t room = growing->room ? growing->room * 2 : 256;
    while (room < growing->used + more)
        room *= 2;
    void *content = room <= PY_SSIZE_T_MAX / size ? realloc(growing->content, room * size) : NULL;
    if (content == NULL) {
        PyErr_NoMemory();
        return 0;
    }
    growing->content = content;
    growing->room = room;
    return 1;
}

/* ---- Index ---- */

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

/* The ids of a text's chunks, marked in `used`; those of unknown chunks are -1, and their places noted. */
static int
split_text(const Index *self, PyObject *text, Py_ssize_t position, Py_buffer *used, Growing *ids, Growing *unknown)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    for (Py_ssize_t start = 0; start < length;) {
        Py_UCS4 point = PyUnicode_READ(kind, data, start);
        if (Py_UNICODE_ISSPACE(point)) {
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
        } while (!Py_UNICODE_ISSPACE(point));
        uint32_t id = seek(self, hash, kind, data, start, end)->id;
        if (!grow(ids, 1, sizeof(int64_t)))
            return 0;
        ((int64_t *)ids->content)[ids->used++] = id == FREE ? -1 : (int64_t)id;
        if (id == FREE) {
            if (!grow(unknown, 1, sizeof(Unknown)))
                return 0;
            ((Unknown *)unknown->content)[unknown->used++] = (Unknown){position, start, end};
        }
        else if ((Py_ssize_t)id < used->len)
            ((char *)used->buf)[id] = 1;
        start = end;
    }
    return 1;
}

static PyObject *
Index_split(Index *self, PyObject *args)
{
    PyObject *texts, *result = NULL, *new = NULL;
    Py_buffer used;
    Growing ids = {0}, counts = {0}, unknown = {0};
    if (!PyArg_ParseTuple(args, "O!w*", &PyList_Type, &texts, &used))
        return NULL;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(texts); i++) {
        PyObject *text = PyList_GET_ITEM(texts, i);
        size_t before = ids.used;
        if (!PyUnicode_Check(text)) {
            PyErr_Format(PyExc_TypeError, "texts[%zd]: expected str", i);
            goto done;
        }
        if (!split_text(self, text, i, &used, &ids, &unknown) || !grow(&counts, 1, sizeof(int64_t)))
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

/* ---- Forms ---- */

typedef struct {
    uint32_t start; /* where its code points stand, and behind them its bare ones */
    uint32_t length; /* UNTOLD before it is told; of each of the two */
    uint32_t guessed;
} Form;

#define UNTOLD UINT32_MAX

typedef struct {
    PyObject_HEAD
    Growing forms; /* Form */
    Growing points; /* uint32_t */
} Forms;

static void
Forms_dealloc(Forms *self)
{
    free(self->forms.content);
    free(self->points.content);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *
Forms_tell(Forms *self, PyObject *args)
{
    Py_ssize_t id;
    PyObject *forms[2];
    int guessed;
    if (!PyArg_ParseTuple(args, "nUUp", &id, &forms[0], &forms[1], &guessed))
        return NULL;
    Py_ssize_t length = PyUnicode_GET_LENGTH(forms[0]);
    if (id < 0 || id >= UNTOLD || PyUnicode_GET_LENGTH(forms[1]) != length) {
        PyErr_Format(PyExc_ValueError, "chunk %zd: expected an id, and two forms of one length", id);
        return NULL;
    }
    if (self->points.used + 2 * (size_t)length > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "forms: more than they hold");
        return NULL;
    }
    if ((size_t)id >= self->forms.used) {
        size_t more = (size_t)id + 1 - self->forms.used;
        if (!grow(&self->forms, more, sizeof(Form)))
            return NULL;
        memset((Form *)self->forms.content + self->forms.used, 0xff, more * sizeof(Form)); /* every length UNTOLD */
        self->forms.used += more;
    }
    if (!grow(&self->points, 2 * (size_t)length, sizeof(uint32_t)))
        return NULL;
    uint32_t *points = (uint32_t *)self->points.content + self->points.used;
    for (int i = 0; i < 2; i++)
        for (Py_ssize_t c = 0; c < length; c++)
            *points++ = PyUnicode_READ_CHAR(forms[i], c);
    ((Form *)self->forms.content)[id] = (Form){(uint32_t)self->points.used, (uint32_t)length, (uint32_t)guessed};
    self->points.used += 2 * (size_t)length;
    Py_RETURN_NONE;
}

/* The form of ids[i]; NULL, with an error unless nothing was told of it. */
static const Form *
form_at(const Forms *self, PyObject *ids, Py_ssize_t i)
{
    Py_ssize_t id = PyLong_AsSsize_t(PyList_GET_ITEM(ids, i));
    if (id < 0) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_IndexError, "ids[%zd]: no such chunk", i);
        return NULL;
    }
    const Form *form = (const Form *)self->forms.content + id;
    return (size_t)id < self->forms.used && form->length != UNTOLD ? form : NULL;
}

static PyObject *
none_unless_error(void)
{
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *
Forms_line(Forms *self, PyObject *args)
{
    PyObject *ids;
    int bare;
    if (!PyArg_ParseTuple(args, "O!p", &PyList_Type, &ids, &bare))
        return NULL;
    Py_ssize_t number = PyList_GET_SIZE(ids), room = 1;
    for (Py_ssize_t i = 0; i < number; i++) {
        const Form *form = form_at(self, ids, i);
        if (form == NULL)
            return none_unless_error();
        room += form->length + 1;
    }
    uint32_t some[1024], *line = room <= 1024 ? some : malloc((size_t)room * sizeof(uint32_t)), *end = line;
    if (line == NULL)
        return PyErr_NoMemory();
    *end++ = ' ';
    for (Py_ssize_t i = 0; i < number; i++) {
        const Form *form = form_at(self, ids, i);
        memcpy(end, (uint32_t *)self->points.content + form->start + (bare ? form->length : 0), form->length * sizeof(uint32_t));
        end += form->length;
        *end++ = ' ';
    }
    PyObject *made = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, line, end - line);
    if (line != some)
        free(line);
    return made;
}

static PyObject *
Forms_starts(Forms *self, PyObject *ids)
{
    if (!PyList_Check(ids)) {
        PyErr_SetString(PyExc_TypeError, "ids: expected a list of int");
        return NULL;
    }
    Py_ssize_t number = PyList_GET_SIZE(ids), start = 1;
    PyObject *starts = PyList_New(number + 1);
    for (Py_ssize_t i = 0; starts != NULL && i <= number; i++) {
        PyObject *found = PyLong_FromSsize_t(start);
        if (found == NULL) {
            Py_CLEAR(starts);
            break;
        }
        PyList_SET_ITEM(starts, i, found);
        if (i == number)
            break;
        const Form *form = form_at(self, ids, i);
        if (form == NULL) {
            Py_DECREF(starts);
            return none_unless_error();
        }
        start += form->length + 1;
    }
    return starts;
}

static PyObject *
Forms_guessed(Forms *self, PyObject *ids)
{
    if (!PyList_Check(ids)) {
        PyErr_SetString(PyExc_TypeError, "ids: expected a list of int");
        return NULL;
    }
    PyObject *places = PyList_New(0);
    for (Py_ssize_t i = 0; places != NULL && i < PyList_GET_SIZE(ids); i++) {
        const Form *form = form_at(self, ids, i);
        if (form == NULL) {
            Py_DECREF(places);
            return none_unless_error();
        }
        if (!form->guessed)
            continue;
        PyObject *place = PyLong_FromSsize_t(i);
        if (place == NULL || PyList_Append(places, place) < 0)
            Py_CLEAR(places);
        Py_XDECREF(place);
    }
    return places;
}

static PyMethodDef forms_methods[] = {
    {"tell", (PyCFunction)Forms_tell, METH_VARARGS, NULL},
    {"line", (PyCFunction)Forms_line, METH_VARARGS, NULL},
    {"starts", (PyCFunction)Forms_starts, METH_O, NULL},
    {"guessed", (PyCFunction)Forms_guessed, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject FormsType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "contentfilter._kernel.Forms",
    .tp_basicsize = sizeof(Forms),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = (destructor)Forms_dealloc,
    .tp_methods = forms_methods,
};

/* ---- Adder ---- */

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
add_text(const Adder *self, const int64_t *rows, const int64_t *ids, int64_t count, uint64_t *pairs, int64_t *out)
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

/* ---- Likeliest ---- */

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

/* ---- n-grams ---- */

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

/* ---- module ---- */

static PyMethodDef functions[] = {
    {"word_keys", word_keys, METH_O, NULL},
    {"ngram_sums", ngram_sums, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "contentfilter._kernel",
    .m_size = -1,
    .m_methods = functions,
};

PyMODINIT_FUNC
PyInit__kernel(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module != NULL && (PyModule_AddType(module, &IndexType) < 0 || PyModule_AddType(module, &FormsType) < 0 ||
                           PyModule_AddType(module, &AdderType) < 0 || PyModule_AddType(module, &LikeliestType) < 0))
        Py_CLEAR(module);
    return module;
}
