package io.portolan.runtime;

/** The device on which a model computes. */
public enum Device {
    CPU,

    /**
     * The first NVIDIA GPU, for every node of the model: loading fails if it cannot run one. Needs CUDA, and the
     * artifact {@code onnxruntime_gpu} instead of {@code onnxruntime}.
     */
    CUDA
}
