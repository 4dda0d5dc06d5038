package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.tensorflow.HandlerRegistry;

/** Every TensorFlow op that Portolan supports, family by family. */
public final class StandardHandlers {
    private static final HandlerRegistry REGISTRY = HandlerRegistry.builder()
            .addAll(ArrayHandlers::register)
            .addAll(SlicingHandlers::register)
            .addAll(ElementwiseHandlers::register)
            .addAll(ReductionHandlers::register)
            .addAll(MatrixHandlers::register)
            .addAll(ConvolutionHandlers::register)
            .addAll(ComplexHandlers::register)
            .addAll(FourierHandlers::register)
            .build();

    private StandardHandlers() {}

    public static HandlerRegistry registry() {
        return REGISTRY;
    }
}
