import { cpSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const OUT = resolve(import.meta.dirname, "../src/equipoise/web/page");
const CESIUM = resolve(import.meta.dirname, "node_modules/cesium/Build/Cesium");

/** What Cesium fetches at run time: its workers and the Natural Earth tiles. Textures of other terms stay out. */
function cesiumAssets(): Plugin {
  return {
    name: "cesium-assets",
    closeBundle() {
      for (const part of ["Workers", "Assets/Textures/NaturalEarthII", "Assets/IAU2006_XYS", "Assets/Images"]) {
        cpSync(resolve(CESIUM, part), resolve(OUT, "cesium", part), { recursive: true });
      }
      cpSync(resolve(CESIUM, "Assets/approximateTerrainHeights.json"), resolve(OUT, "cesium/Assets/approximateTerrainHeights.json"));
      for (const unused of ["decodeDraco.js", "transcodeKTX2.js", "decodeI3S.js", "gaussianSplatSorter.js"]) {
        rmSync(resolve(OUT, "cesium/Workers", unused), { force: true });
      }
    },
  };
}

export default defineConfig({
  base: "./",
  define: { CESIUM_BASE_URL: JSON.stringify("cesium/") },
  build: { outDir: OUT, emptyOutDir: true, chunkSizeWarningLimit: 6000, assetsInlineLimit: 0 },
  plugins: [cesiumAssets()],
  server: { proxy: { "/api": "http://127.0.0.1:8600" } },
});
