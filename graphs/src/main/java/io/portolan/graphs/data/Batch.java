package io.portolan.graphs.data;

/**
 * A batch of samples and their labels.
 *
 * @param images values of shape (count, sample), row-major and normalised; not copied
 * @param labels labels of shape (count); not copied
 * @param count number of samples
 */
public record Batch(float[] images, int[] labels, int count) {}
