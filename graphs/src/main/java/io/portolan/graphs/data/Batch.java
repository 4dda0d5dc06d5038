package io.portolan.graphs.data;

/**
 * Samples to train on together.
 *
 * @param images (count, sample), row-major, normalised; not copied
 * @param labels (count); not copied
 * @param count number of samples
 */
public record Batch(float[] images, int[] labels, int count) {}
