/** Reads graph models of TensorFlow.js: a graph in JSON, its weights in shards, and ops that it fuses. */
package io.portolan.converter.source.tfjs;
