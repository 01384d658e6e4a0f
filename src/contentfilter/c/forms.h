/* `Forms`: ids → lines to match; its twin is in forms.py. */

#pragma once

#include "memory.h"

typedef struct {
    uint32_t start, length; /* where its code points stand, and behind them its bare ones; of each of the two */
} Form;

typedef struct {
    uint32_t first, number; /* of its forms; 0 before they are told */
} Told;

typedef struct {
    PyObject_HEAD
    Growing told; /* Told */
    Growing forms; /* Form */
    Growing points; /* uint32_t */
} Forms;

static void
Forms_dealloc(Forms *self)
{
    free(self->told.content);
    free(self->forms.content);
    free(self->points.content);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* One form of a chunk, behind all others. */
static int
append_form(Forms *self, PyObject *pair)
{
    PyObject *forms[2];
    if (!PyArg_ParseTuple(pair, "UU", &forms[0], &forms[1]))
        return 0;
    Py_ssize_t length = PyUnicode_GET_LENGTH(forms[0]);
    if (PyUnicode_GET_LENGTH(forms[1]) != length) {
        PyErr_SetString(PyExc_ValueError, "expected two forms of one length");
        return 0;
    }
    if (self->points.used + 2 * (size_t)length > UINT32_MAX || self->forms.used >= UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "forms: more than they hold");
        return 0;
    }
    if (!grow(&self->points, 2 * (size_t)length, sizeof(uint32_t)) || !grow(&self->forms, 1, sizeof(Form)))
        return 0;
    uint32_t *points = (uint32_t *)self->points.content + self->points.used;
    for (int i = 0; i < 2; i++)
        for (Py_ssize_t c = 0; c < length; c++)
            *points++ = PyUnicode_READ_CHAR(forms[i], c);
    ((Form *)self->forms.content)[self->forms.used++] = (Form){(uint32_t)self->points.used, (uint32_t)length};
    self->points.used += 2 * (size_t)length;
    return 1;
}

static PyObject *
Forms_tell(Forms *self, PyObject *args)
{
    Py_ssize_t id;
    PyObject *forms;
    if (!PyArg_ParseTuple(args, "nO!", &id, &PyList_Type, &forms))
        return NULL;
    Py_ssize_t number = PyList_GET_SIZE(forms);
    if (id < 0 || id >= UINT32_MAX || number < 1) {
        PyErr_Format(PyExc_ValueError, "chunk %zd of %zd forms: expected an id, and at least one form", id, number);
        return NULL;
    }
    if ((size_t)id >= self->told.used) {
        size_t more = (size_t)id + 1 - self->told.used;
        if (!grow(&self->told, more, sizeof(Told)))
            return NULL;
        memset((Told *)self->told.content + self->told.used, 0, more * sizeof(Told));
        self->told.used += more;
    }
    size_t first = self->forms.used;
    for (Py_ssize_t i = 0; i < number; i++)
        if (!PyTuple_Check(PyList_GET_ITEM(forms, i)) || !append_form(self, PyList_GET_ITEM(forms, i))) {
            if (!PyErr_Occurred())
                PyErr_Format(PyExc_TypeError, "forms[%zd]: expected a tuple of two str", i);
            self->forms.used = first;
            return NULL;
        }
    ((Told *)self->told.content)[id] = (Told){(uint32_t)first, (uint32_t)number};
    Py_RETURN_NONE;
}

/* What was told of ids[i]; NULL, with an error unless nothing was. */
static const Told *
told_of(const Forms *self, PyObject *ids, Py_ssize_t i)
{
    Py_ssize_t id = PyLong_AsSsize_t(PyList_GET_ITEM(ids, i));
    if (id < 0) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_IndexError, "ids[%zd]: no such chunk", i);
        return NULL;
    }
    const Told *told = (const Told *)self->told.content + id;
    return (size_t)id < self->told.used && told->number > 0 ? told : NULL;
}

/* The form of a chunk that stands in line `number`: its own of that number, or its last. */
static inline const Form *
form_in(const Forms *self, const Told *told, size_t number)
{
    return (const Form *)self->forms.content + told->first + (number < told->number ? number : told->number - 1);
}

static inline const uint32_t *
points_of(const Forms *self, const Form *form, int bare)
{
    return (const uint32_t *)self->points.content + form->start + (bare ? form->length : 0);
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
    Py_ssize_t line_number;
    int bare;
    if (!PyArg_ParseTuple(args, "O!np", &PyList_Type, &ids, &line_number, &bare))
        return NULL;
    Py_ssize_t number = PyList_GET_SIZE(ids), room = 1;
    for (Py_ssize_t i = 0; i < number; i++) {
        const Told *told = told_of(self, ids, i);
        if (told == NULL)
            return none_unless_error();
        room += form_in(self, told, (size_t)line_number)->length + 1;
    }
    uint32_t some[1024], *line = room <= 1024 ? some : malloc((size_t)room * sizeof(uint32_t)), *end = line;
    if (line == NULL)
        return PyErr_NoMemory();
    *end++ = ' ';
    for (Py_ssize_t i = 0; i < number; i++) {
        const Form *form = form_in(self, told_of(self, ids, i), (size_t)line_number);
        if (form->length > 0)
            memcpy(end, points_of(self, form, bare), form->length * sizeof(uint32_t));
        end += form->length;
        *end++ = ' ';
    }
    PyObject *made = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, line, end - line);
    if (line != some)
        free(line);
    return made;
}

static PyObject *
Forms_starts(Forms *self, PyObject *args)
{
    PyObject *ids;
    Py_ssize_t line_number;
    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &ids, &line_number))
        return NULL;
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
        const Told *told = told_of(self, ids, i);
        if (told == NULL) {
            Py_DECREF(starts);
            return none_unless_error();
        }
        start += form_in(self, told, (size_t)line_number)->length + 1;
    }
    return starts;
}

static PyObject *
Forms_lines(Forms *self, PyObject *ids)
{
    if (!PyList_Check(ids)) {
        PyErr_SetString(PyExc_TypeError, "ids: expected a list of int");
        return NULL;
    }
    uint32_t most = 1;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(ids); i++) {
        const Told *told = told_of(self, ids, i);
        if (told == NULL)
            return none_unless_error();
        most = told->number > most ? told->number : most;
    }
    return PyLong_FromUnsignedLong(most);
}

static PyMethodDef forms_methods[] = {
    {"tell", (PyCFunction)Forms_tell, METH_VARARGS, NULL},
    {"line", (PyCFunction)Forms_line, METH_VARARGS, NULL},
    {"starts", (PyCFunction)Forms_starts, METH_VARARGS, NULL},
    {"lines", (PyCFunction)Forms_lines, METH_O, NULL},
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
