/** Where TensorFlow models come from: SavedModels, GraphDef files, graphs in memory; their variables become constants. */
package io.portolan.converter.source;
