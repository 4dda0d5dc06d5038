package io.portolan.runtime;

/** Where a model computes. */
public enum Device {
    CPU,

    /**
     * The first NVIDIA GPU, for every node of the model: one that it cannot run makes loading fail. Needs CUDA and the artifact
     * {@code onnxruntime_gpu} in place of {@code onnxruntime}.
     */
    CUDA
}
