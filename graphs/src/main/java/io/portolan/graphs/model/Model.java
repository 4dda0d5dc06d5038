package io.portolan.graphs.model;

import io.portolan.graphs.cells.Cell;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.HgruConfig;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.config.VitConfig;
import io.portolan.graphs.layers.ModuleScope;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** A model that can be built into a graph, with whatever weights its scope hands out. */
public interface Model {
    /** Shape of the input, the batch unknown, and the number of frames if it is open. */
    Shape inputShape();

    /**
     * Builds the model.
     *
     * @param input normalised images or videos of {@link #inputShape}
     * @return logits (B, classes)
     */
    Operand<TFloat32> logits(ModuleScope scope, Operand<TFloat32> input);

    /**
     * The model of a configuration.
     *
     * @throws IllegalArgumentException if the model has no such form
     */
    static Model of(ModelConfig config, Plan plan, TimeForm time) {
        if (config instanceof SimpleCssmConfig simple) {
            return new SimpleCssm(simple, plan, time);
        }
        if (time == TimeForm.UNROLLED && config instanceof HgruConfig hgru) {
            return new Hgru(hgru);
        }
        if (time == TimeForm.UNROLLED && config instanceof VitConfig vit) {
            return new Vit(vit, plan);
        }
        throw new IllegalArgumentException(
                "a model of the architecture '" + config.architecture().label() + "' has no loop over its steps");
    }

    /** Whether the steps of a model can be iterations of a loop, and their number open; else every step has nodes of its own. */
    static boolean hasLoop(ModelConfig config) {
        return config instanceof SimpleCssmConfig simple
                && Cell.of(simple.cell(), simple.options()).canLoop();
    }

    /** The model of a configuration with a node for every step. */
    static Model of(ModelConfig config, Plan plan) {
        return of(config, plan, TimeForm.UNROLLED);
    }
}
