package io.portolan.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;

/** The device on which a model computes. */
public enum Device {
    CPU,

    /**
     * The first NVIDIA GPU, for every node of the model: loading fails if it cannot run one. Needs CUDA, and the
     * artifact {@code onnxruntime_gpu} instead of {@code onnxruntime}.
     */
    CUDA;

    /** Whether this build of ONNX Runtime can use the device. Whether the machine has one shows when a model is loaded. */
    public boolean isSupported() {
        OrtSessions.environment();
        return this == CPU || OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
    }
}
