package io.portolan.cli.doctor;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.ptr.IntByReference;
import java.util.Optional;

/** NVIDIA's driver, which is part of the system. */
final class CudaDriver {
    private static final String LIBRARY = Platform.isWindows() ? "nvcuda" : "libcuda.so.1";

    private CudaDriver() {}

    /** The newest version of CUDA that the driver supports; empty without a driver. */
    static Optional<String> version() {
        try {
            Function query = NativeLibrary.getInstance(LIBRARY).getFunction("cuDriverGetVersion");
            IntByReference version = new IntByReference();
            if (query.invokeInt(new Object[] {version}) != 0) {
                return Optional.of("driver found, of unknown version");
            }
            // As 1000 * major + 10 * minor, says the documentation of the driver.
            int number = version.getValue();
            return Optional.of("driver for CUDA " + number / 1000 + "." + number % 1000 / 10);
        } catch (UnsatisfiedLinkError absent) {
            return Optional.empty();
        }
    }
}
