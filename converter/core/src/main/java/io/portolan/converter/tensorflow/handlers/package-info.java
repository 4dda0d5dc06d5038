/**
 * The definitions of all supported TensorFlow ops, in tables by family. Add an op by adding an entry to the table of
 * its family and a case to the parity tests; docs/adding-an-op.md shows how.
 */
package io.portolan.converter.tensorflow.handlers;
