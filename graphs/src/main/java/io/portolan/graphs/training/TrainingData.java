package io.portolan.graphs.training;

import io.portolan.graphs.data.BatchPipeline;

/**
 * The training and validation data of a run.
 *
 * @param training training data, shuffled and in full batches
 * @param validation validation data, which may be empty
 * @param classes number of classes; labels are from 0
 */
public record TrainingData(BatchPipeline training, BatchPipeline validation, int classes) {}
