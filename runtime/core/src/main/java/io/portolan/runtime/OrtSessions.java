package io.portolan.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** Opens ONNX Runtime sessions that keep quiet below errors. */
final class OrtSessions {
    /** Bytes; taken as far as they are needed, and given back. */
    private static final long DEEP_STACK = 256 << 20;

    private static final Pattern OUT_OF_MEMORY =
            Pattern.compile("Failed to allocate memory|Available memory of|bad_alloc");

    private OrtSessions() {}

    /** Something that the environment makes a session of: a path or bytes. */
    @FunctionalInterface
    interface Source {
        OrtSession open(OrtEnvironment environment, SessionOptions options) throws OrtException;
    }

    /**
     * @param name of the model, for messages
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

    /** Of a run on the CPU after which ONNX Runtime keeps no memory that it does not use. */
    static OrtSession.RunOptions givingMemoryBack() throws OrtException {
        OrtSession.RunOptions options = new OrtSession.RunOptions();
        options.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        return options;
    }

    /** There is no code for it. */
    static boolean isOutOfMemory(OrtException failure) {
        return OUT_OF_MEMORY.matcher(oneLine(failure)).find();
    }

    private static void requireDevice(String name, Device device) {
        environment();
        if (device == Device.CUDA && !OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
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
            // Idle threads would go on spinning after a call and slow down whatever runs next; within a call they may.
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
            // TF32 would keep 10 bits of each factor's mantissa: far from what the model computes elsewhere.
            cuda.add("use_tf32", "0");
            // Trying all algorithms costs 80 ms at each change of the batch in place of 15, and gains at most 2 ms a
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

    /** Without this, ONNX Runtime gives the CPU what another device cannot run, and says nothing. */
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
        // There is no code for it.
        if (oneLine(refused).contains("fallback to CPU EP has been explicitly disabled")) {
            return "has operators that CUDA cannot run, and nothing is left to the CPU in silence; export the model with the fused"
                    + " plan, unrolled steps and opset 18, or choose " + Device.CPU;
        }
        return switch (refused.getCode()) {
            case ORT_INVALID_PROTOBUF -> "not an ONNX file; check that it is the exported .onnx file and complete";
            case ORT_NOT_IMPLEMENTED, ORT_EP_FAIL -> "uses something that ONNX Runtime cannot do on this device";
            default ->
                "ONNX Runtime cannot load this model; check that the file is complete and not newer than the runtime";
        };
    }

    /**
     * ONNX Runtime 1.29 matches the process's command line with regular expressions when its environment is made, some 250 bytes of
     * stack for each character: with a class path of 4000 characters a usual thread's stack ends there, and so does the process. Then
     * it is told to report nothing to its makers.
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

    /** Loads the native library on first use; a failure surfaces there and not in some caller's initialiser. */
    private static final class Environment {
        static final OrtEnvironment INSTANCE = newEnvironment();
    }
}
