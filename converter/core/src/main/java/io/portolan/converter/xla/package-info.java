/** Runs JAX programs in XLA, in TensorFlow and in this process: as the reference of conversions, and as SavedModels. */
package io.portolan.converter.xla;
