/**
 * Training data: labelled images from folders, TFRecords, {@code .npz} and the generator, the reference's split of
 * them, and batches that are loaded ahead while the trainer works. Data sets stay on disk; samples are read on demand.
 */
package io.portolan.graphs.data;
