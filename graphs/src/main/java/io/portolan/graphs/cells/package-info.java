/**
 * The recurrent cells and the plans that compute them. A cell is a linear system whose matrix and inputs are written in
 * its class as in the equations; a plan solves it, either step by step like the reference or with less work.
 */
package io.portolan.graphs.cells;
