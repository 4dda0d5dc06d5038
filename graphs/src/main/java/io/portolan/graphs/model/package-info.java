/**
 * SimpleCSSM as a TensorFlow graph: stem, cells, readout; in a session, or as a SavedModel.
 */
package io.portolan.graphs.model;
