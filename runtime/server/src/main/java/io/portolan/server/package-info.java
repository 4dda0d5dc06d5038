/**
 * An HTTP server for ONNX models. A request goes through {@link io.portolan.server.Router} to an endpoint, its body through
 * {@link io.portolan.server.RequestBodies} into tensors, and these through the queue of a
 * {@link io.portolan.server.ServedModel} into a run of the model, which it may share with others.
 */
package io.portolan.server;
