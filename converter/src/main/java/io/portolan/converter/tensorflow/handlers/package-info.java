/**
 * What each TensorFlow op becomes, in tables by family. Add an op by adding a line to the table of its family and a
 * case to the parity tests.
 */
package io.portolan.converter.tensorflow.handlers;
