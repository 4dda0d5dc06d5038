/**
 * The exception that the readers of every data format throw. It has its own package so that no reader depends on
 * another.
 */
package io.portolan.graphs.data.error;
