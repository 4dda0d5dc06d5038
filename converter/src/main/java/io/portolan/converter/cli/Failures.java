package io.portolan.converter.cli;

import io.portolan.converter.onnx.InvalidModelException;
import io.portolan.converter.onnx.OpsetException;
import io.portolan.converter.passes.TargetException;
import io.portolan.converter.tensorflow.ConversionException;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.layers.WeightsException;
import io.portolan.graphs.training.DeviceException;
import io.portolan.graphs.training.TrainingException;
import io.portolan.runtime.ModelException;
import io.portolan.runtime.PreprocessingException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** Turns exceptions into the one line that a user reads. */
final class Failures {
    /** Exceptions whose messages are written for users. */
    private static final List<Class<? extends Exception>> EXPLAINED = List.of(
            IOException.class,
            ConfigException.class,
            WeightsException.class,
            ConversionException.class,
            OpsetException.class,
            TargetException.class,
            InvalidModelException.class,
            ModelException.class,
            PreprocessingException.class,
            DeviceException.class,
            TrainingException.class);

    private Failures() {}

    static String describe(Exception failure) {
        if (failure instanceof NoSuchFileException) {
            return failure.getMessage() + ": no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return failure.getMessage() + ": permission denied";
        }
        if (EXPLAINED.stream().anyMatch(type -> type.isInstance(failure))) {
            return failure.getMessage();
        }
        return "internal error: " + failure + " (add --stacktrace to see where, and please report it)";
    }
}
