package io.portolan.graphs.training;

import java.util.Optional;

/**
 * How a run does so far.
 *
 * @param step after which this was measured
 * @param epoch counted from 0
 * @param trainingLoss mean over the steps of the epoch, as they were taken
 * @param trainingAccuracy likewise
 * @param validation empty if there are no validation samples
 * @param best whether the validation loss is the smallest so far
 */
public record EvaluationReport(
        long step,
        int epoch,
        double trainingLoss,
        double trainingAccuracy,
        Optional<Evaluation> validation,
        boolean best) {}
