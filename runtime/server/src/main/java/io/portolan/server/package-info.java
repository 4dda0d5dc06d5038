/**
 * An HTTP server for ONNX models. A request goes through {@link io.portolan.runtime.serve.Router} to an endpoint, its body through
 * {@link io.portolan.runtime.serve.RequestBodies} into tensors, and these through the queue of a
 * {@link io.portolan.runtime.serve.ServedModel} into a run of the model, which it may share with others.
 */
package io.portolan.runtime.serve;
