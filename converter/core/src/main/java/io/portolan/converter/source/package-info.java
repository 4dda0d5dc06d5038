/** Sources of TensorFlow models: SavedModels, GraphDef files and graphs in memory; their variables become constants. */
package io.portolan.converter.source;
