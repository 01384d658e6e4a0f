/* `Forms`: ids → lines to match; its twin is in forms.py. */

#pragma once

#include "memory.h"

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
