package example;

import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.ParityException;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.source.SavedModels;
import io.portolan.converter.source.TensorFlowModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

public final class Conversion {
    public static ConversionReport convert(Path savedModel, Path output) throws IOException {
        try (TensorFlowModel model = SavedModels.open(savedModel, List.of("serve"), Optional.empty())) {
            return new TensorFlowConverter().convert(model, output, ConversionOptions.defaults());
        }
    }

    public static void main(String[] arguments) throws IOException {
        try {
            System.out.println(
                    convert(Path.of(arguments[0]), Path.of(arguments[1])).operators());
        } catch (ParityException differs) {
            System.out.println("not written: " + differs.report().parity());
        }
    }
}
