package io.portolan.graphs.training;

import java.io.IOException;

/** Is told what happens in a run, on the thread that trains. An exception ends the run. */
public interface TrainingListener {
    /** Before the first step, where the numbers or the device are not float32 on the processor. */
    default void proved(ArithmeticProof proof) throws IOException {}

    /** After each step. */
    default void stepped(StepReport report) throws IOException {}

    /** After each evaluation, before anything is saved. */
    default void evaluated(EvaluationReport report) throws IOException {}

    /** When everything up to this state is on disk. */
    default void saved(TrainingState state) throws IOException {}
}
