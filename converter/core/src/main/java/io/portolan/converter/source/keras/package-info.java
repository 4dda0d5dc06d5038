/**
 * Reads models that Keras has saved in one file, {@code .keras} or {@code .h5}, without Keras: the configuration names layers, each of
 * which a row of {@link io.portolan.converter.source.keras.LayerTable} writes as nodes of a TensorFlow graph.
 */
package io.portolan.converter.source.keras;
