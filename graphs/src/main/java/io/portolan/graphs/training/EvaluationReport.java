package io.portolan.graphs.training;

import java.util.Optional;

/**
 * The results of an evaluation during a run.
 *
 * @param step number of steps before the evaluation
 * @param epoch number of the epoch, from 0
 * @param trainingLoss mean over the steps of the epoch, each measured when it was taken
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
