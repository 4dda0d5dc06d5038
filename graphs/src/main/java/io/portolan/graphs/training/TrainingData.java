package io.portolan.graphs.training;

import io.portolan.graphs.data.BatchPipeline;

/**
 * What a run learns from, and what it is measured on.
 *
 * @param training shuffled, in full batches
 * @param validation may have no batches
 * @param classes number of labels, from 0 on
 */
public record TrainingData(BatchPipeline training, BatchPipeline validation, int classes) {}
