package io.portolan.runtime;

/** Where a model computes. */
public enum Device {
    CPU,

    /** The first NVIDIA GPU. Needs CUDA and the artifact {@code onnxruntime_gpu} in place of {@code onnxruntime}. */
    CUDA
}
