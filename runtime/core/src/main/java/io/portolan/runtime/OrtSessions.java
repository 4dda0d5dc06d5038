package io.portolan.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** Opens ONNX Runtime sessions that log only errors. */
final class OrtSessions {
    /** Stack size in bytes; the system commits only what is used, and frees it afterwards. */
    private static final long DEEP_STACK = 256 << 20;

    private static final Pattern OUT_OF_MEMORY =
            Pattern.compile("Failed to allocate memory|Available memory of|bad_alloc");

    private OrtSessions() {}

    /** The source of a session: a path or bytes. */
    @FunctionalInterface
    interface Source {
        OrtSession open(OrtEnvironment environment, SessionOptions options) throws OrtException;
    }

    /**
     * @param name the model's name, for messages
     * @throws ModelException if ONNX Runtime has no build for this machine or device, or refuses the model
     */
    static OrtSession open(String name, RuntimeOptions options, Source source) {
        requireDevice(name, options.device());
        try (SessionOptions nativeOptions = nativeOptions(name, options)) {
            return source.open(environment(), nativeOptions);
        } catch (OrtException refused) {
            throw new ModelException(name + ": " + explanation(refused) + " [" + oneLine(refused) + "]", refused);
        }
    }

    /** The process-wide environment, which is never closed. */
    static OrtEnvironment environment() {
        try {
            return Environment.INSTANCE;
        } catch (LinkageError missing) {
            throw new ModelException(
                    "ONNX Runtime has no native library for " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + " on the class path; run on a platform that it supports",
                    missing);
        }
    }

    /** ONNX Runtime's message without its line breaks. */
    static String oneLine(OrtException exception) {
        return String.valueOf(exception.getMessage()).strip().replaceAll("\\s+", " ");
    }

    /** The options of a run on the CPU after which ONNX Runtime releases unused memory. */
    static OrtSession.RunOptions givingMemoryBack() throws OrtException {
        OrtSession.RunOptions options = new OrtSession.RunOptions();
        options.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        return options;
    }

    /** Whether memory ran out, by the message, because there is no error code for it. */
    static boolean isOutOfMemory(OrtException failure) {
        return OUT_OF_MEMORY.matcher(oneLine(failure)).find();
    }

    private static void requireDevice(String name, Device device) {
        if (!device.isSupported()) {
            throw new ModelException(name + ": this build of ONNX Runtime cannot use CUDA; put"
                    + " com.microsoft.onnxruntime:onnxruntime_gpu on the class path in place of onnxruntime,"
                    + " or choose " + Device.CPU);
        }
    }

    private static SessionOptions nativeOptions(String name, RuntimeOptions options) throws OrtException {
        SessionOptions result = new SessionOptions();
        try {
            result.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            result.setOptimizationLevel(level(options.optimization()));
            result.setIntraOpNumThreads(options.threadsPerCall());
            // Idle threads would keep spinning after a call and slow down whatever runs next; within a call they may.
            result.addConfigEntry("session.force_spinning_stop", "1");
            if (options.device() == Device.CUDA) {
                addCuda(name, result);
            }
            return result;
        } catch (OrtException | RuntimeException failure) {
            result.close();
            throw failure;
        }
    }

    private static void addCuda(String name, SessionOptions options) throws OrtException {
        forbidCpu(options);
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions()) {
            // TF32 would round factors to 10 bits of mantissa, far from the results on other devices.
            cuda.add("use_tf32", "0");
            // Trying all algorithms costs 80 ms instead of 15 at each change of the batch, and gains at most 2 ms a
            // call.
            cuda.add("cudnn_conv_algo_search", "HEURISTIC");
            options.addCUDA(cuda);
        } catch (OrtException unloadable) {
            throw new ModelException(
                    name + ": CUDA cannot be loaded; install CUDA 12.8 or newer of 12, and cuDNN 9, where the"
                            + " dynamic linker finds them, or choose " + Device.CPU + " [" + oneLine(unloadable) + "]",
                    unloadable);
        }
    }

    /** Without this, ONNX Runtime silently runs nodes on the CPU that the device cannot run. */
    static void forbidCpu(SessionOptions options) throws OrtException {
        options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
    }

    private static OptLevel level(GraphOptimization optimization) {
        return switch (optimization) {
            case NONE -> OptLevel.NO_OPT;
            case BASIC -> OptLevel.BASIC_OPT;
            case EXTENDED -> OptLevel.EXTENDED_OPT;
            case ALL -> OptLevel.ALL_OPT;
        };
    }

    static String explanation(OrtException refused) {
        // There is no error code for it.
        if (oneLine(refused).contains("fallback to CPU EP has been explicitly disabled")) {
            return "has operators that CUDA cannot run, and the CPU is not used as a fallback; export the model with the fused"
                    + " plan, unrolled steps and opset 18, or choose " + Device.CPU;
        }
        return switch (refused.getCode()) {
            case ORT_INVALID_PROTOBUF -> "not an ONNX file; check that it is the exported .onnx file and complete";
            case ORT_NOT_IMPLEMENTED, ORT_EP_FAIL -> "uses something that ONNX Runtime does not support on this device";
            default ->
                "ONNX Runtime cannot load this model; check that the file is complete and not newer than the runtime";
        };
    }

    /**
     * Creates the environment on a thread with a deep stack, and turns off telemetry. ONNX Runtime 1.29 matches the
     * process's command line with regular expressions when its environment is created, with about 250 bytes of stack
     * per character: a class path of 4000 characters overflows the stack of an ordinary thread and crashes the process.
     */
    private static OrtEnvironment newEnvironment() {
        CompletableFuture<OrtEnvironment> made = new CompletableFuture<>();
        new Thread(
                        null,
                        () -> {
                            try {
                                OrtEnvironment environment = OrtEnvironment.getEnvironment(
                                        OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "portolan");
                                environment.setTelemetry(false);
                                made.complete(environment);
                            } catch (OrtException | RuntimeException | Error failure) {
                                made.completeExceptionally(failure);
                            }
                        },
                        "portolan-environment",
                        DEEP_STACK)
                .start();
        return CallPool.join(made::join);
    }

    /** Loads the native library on first use, so that a failure surfaces there and not in a caller's initialiser. */
    private static final class Environment {
        static final OrtEnvironment INSTANCE = newEnvironment();
    }
}
