package io.portolan.graphs.training;

import java.io.IOException;

/** A listener for the events of a run, called on the training thread. An exception ends the run. */
public interface TrainingListener {
    /** Called before the first step, unless training is in float32 on the CPU. */
    default void arithmeticChecked(ArithmeticProof proof) throws IOException {}

    /** Called after each step. */
    default void stepped(StepReport report) throws IOException {}

    /** Called after each evaluation, before anything is saved. */
    default void evaluated(EvaluationReport report) throws IOException {}

    /** Called when everything up to this state is on disk. */
    default void saved(TrainingState state) throws IOException {}
}
