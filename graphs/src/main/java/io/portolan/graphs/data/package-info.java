/**
 * Training data: labelled images from folders, TFRecords, {@code .npz} and the generator, the reference's split of them,
 * and batches that are made ready while the trainer works. Data sets stay on disk; samples are read when they are asked for.
 */
package io.portolan.graphs.data;
