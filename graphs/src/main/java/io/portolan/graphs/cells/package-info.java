/**
 * The recurrent cells and the plans that compute them. A cell is a linear system: its matrix and inputs stand in its file as in the
 * equations; a plan solves it, step for step as the reference or by less work.
 */
package io.portolan.graphs.cells;
