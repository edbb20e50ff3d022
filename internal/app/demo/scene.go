// SPDX-License-Identifier: Apache-2.0

package demo

import "image/color"

// Scene is what a picture shows.
type Scene string

const (
	SceneExit      Scene = "exit"      // a blocked way out
	SceneWire      Scene = "wire"      // bare and private wires
	SceneEdge      Scene = "edge"      // an edge without a rail
	SceneFire      Scene = "fire"      // missing fire extinguishers
	SceneCylinder  Scene = "cylinder"  // gas cylinders that stand loose
	SceneMachine   Scene = "machine"   // a machine without its guard
	SceneFloor     Scene = "floor"     // oil on the floor
	SceneSpace     Scene = "space"     // a confined space without warning
	SceneCharging  Scene = "charging"  // an electric bicycle charged in the hall
	SceneDangerous Scene = "dangerous" // chemicals stored together
)

// Picture draws a scene as a JPEG, before or after the repair. seed varies colours
// and grain.
func Picture(s Scene, repaired bool, seed uint64) []byte {
	walls := []uint32{0xdfe5ec, 0xe8e3d8, 0xd9e4dd, 0xe4dfe8}
	floors := []uint32{0xa9b0b8, 0xb5aa98, 0x9aa59e, 0xa7a3ae}
	c := newCanvas(rgb(walls[seed%4]))
	c.room(rgb(walls[seed%4]), rgb(floors[seed/4%4]))
	if draw, ok := scenes[s]; ok {
		draw(c, repaired)
	}
	c.grain(seed + 1)
	return c.jpeg()
}

var scenes = map[Scene]func(c *canvas, repaired bool){
	SceneExit: drawExit, SceneWire: drawWire, SceneEdge: drawEdge, SceneFire: drawFire,
	SceneCylinder: drawCylinder, SceneMachine: drawMachine, SceneFloor: drawFloor,
	SceneSpace: drawSpace, SceneCharging: drawCharging, SceneDangerous: drawDangerous,
}

var (
	steel  = rgb(0x5a6575)
	dark   = rgb(0x2b3442)
	yellow = rgb(0xe69a00)
	green  = rgb(0x0a7a4b)
	red    = rgb(0xc8281e)
	blue   = rgb(0x1659b5)
	wood   = rgb(0xb98b57)
	white  = rgb(0xf7f9fb)
)

func drawExit(c *canvas, repaired bool) {
	c.box(steel, 350, 130, 260, 350)
	c.box(rgb(0x74808f), 364, 144, 112, 336)
	c.box(rgb(0x74808f), 484, 144, 112, 336)
	c.box(green, 400, 70, 160, 48)
	c.polygon(white, 430, 94, 470, 78, 470, 88, 530, 88, 530, 100, 470, 100, 470, 110)
	if repaired {
		c.line(yellow, 300, 720, 350, 484, 10)
		c.line(yellow, 660, 720, 610, 484, 10)
		return
	}
	for _, b := range [][4]float32{{250, 420, 190, 200}, {430, 470, 210, 190}, {330, 300, 170, 130}, {560, 360, 160, 130}} {
		c.box(wood, b[0], b[1], b[2], b[3])
		c.line(rgb(0x8a6439), b[0], b[1]+b[3]/2, b[0]+b[2], b[1]+b[3]/2, 8)
	}
	c.line(dark, 440, 300, 520, 330, 10) // chain on the handles
}

func drawWire(c *canvas, repaired bool) {
	c.box(steel, 120, 160, 170, 240)
	c.box(white, 140, 180, 130, 200)
	c.box(dark, 190, 220, 30, 60)
	c.box(steel, 700, 260, 150, 180)
	if repaired {
		c.box(rgb(0x74808f), 290, 176, 420, 26)
		c.box(rgb(0x74808f), 690, 176, 26, 110)
		c.warning(205, 330, 34)
		return
	}
	c.cable(red, 290, 220, 700, 300, 150, 7)
	c.cable(dark, 290, 240, 700, 320, 190, 7)
	c.cable(yellow, 290, 260, 700, 340, 110, 7)
	c.disc(rgb(0xb5651d), 470, 470, 14)
	c.polygon(yellow, 480, 440, 510, 470, 494, 472, 520, 510, 484, 482, 498, 480)
}

func drawEdge(c *canvas, repaired bool) {
	c.box(rgb(0xbfd9f2), 0, 0, pictureWidth, 480)
	c.polygon(steel, 0, 480, 960, 430, 960, 720, 0, 720)
	c.polygon(rgb(0x3c4654), 500, 454, 960, 430, 960, 720, 620, 720)
	c.box(blue, 90, 300, 60, 130)
	c.disc(rgb(0xd9a679), 120, 270, 28)
	c.polygon(yellow, 88, 262, 152, 262, 140, 236, 100, 236)
	if !repaired {
		return
	}
	for _, x := range []float32{500, 540, 585, 622} {
		c.line(yellow, x, 454+(x-500)*2.1, x, 300+(x-500)*2.1, 10)
	}
	c.line(yellow, 500, 310, 622, 566, 10)
	c.line(yellow, 500, 380, 622, 636, 10)
	c.line(red, 500, 440, 622, 696, 12)
}

func drawFire(c *canvas, repaired bool) {
	c.box(red, 330, 200, 300, 260)
	c.box(rgb(0x31383f), 346, 216, 268, 228)
	c.box(white, 380, 150, 200, 40)
	c.line(red, 396, 170, 560, 170, 8)
	if !repaired {
		c.box(wood, 300, 430, 180, 180)
		c.box(wood, 500, 470, 150, 150)
		return
	}
	for _, x := range []float32{400, 480, 560} {
		c.box(red, x-26, 280, 52, 150)
		c.ellipse(red, x, 282, 26, 18)
		c.box(dark, x-10, 246, 20, 24)
		c.line(dark, x+8, 254, x+34, 300, 6)
		c.box(white, x-16, 330, 32, 34)
	}
}

func drawCylinder(c *canvas, repaired bool) {
	for i, col := range []color.RGBA{blue, rgb(0x7a4b00), blue, rgb(0x8a94a3)} {
		x := 270 + float32(i)*130
		if !repaired && i == 2 { // fallen over
			c.box(col, 480, 560, 270, 76)
			c.ellipse(col, 750, 598, 30, 38)
			continue
		}
		c.box(col, x-38, 260, 76, 300)
		c.ellipse(col, x, 262, 38, 34)
		c.box(steel, x-10, 204, 20, 34)
	}
	if repaired {
		c.box(steel, 190, 330, 520, 16)
		c.box(steel, 190, 460, 520, 16)
		c.warning(850, 250, 60)
	}
}

func drawMachine(c *canvas, repaired bool) {
	c.box(rgb(0x3f6b52), 180, 300, 600, 260)
	c.box(rgb(0x2f5240), 180, 540, 600, 40)
	c.disc(steel, 330, 300, 110)
	c.disc(dark, 330, 300, 34)
	c.disc(steel, 640, 340, 70)
	c.disc(dark, 640, 340, 22)
	c.line(dark, 330, 192, 646, 272, 16)
	c.line(dark, 330, 410, 634, 410, 16)
	if !repaired {
		return
	}
	c.polygon(yellow, 200, 170, 720, 240, 740, 430, 200, 430)
	for x := float32(230); x < 720; x += 40 {
		c.line(rgb(0xb57900), x, 200, x, 420, 5)
	}
	c.warning(460, 500, 36)
}

func drawFloor(c *canvas, repaired bool) {
	c.box(rgb(0x6d7885), 90, 240, 220, 250)
	c.disc(dark, 200, 360, 60)
	c.box(steel, 300, 380, 90, 30)
	if repaired {
		c.box(rgb(0x8fb59f), 380, 500, 420, 150)
		c.line(yellow, 380, 500, 800, 500, 10)
		c.line(yellow, 380, 650, 800, 650, 10)
		return
	}
	c.ellipse(color.RGBA{20, 20, 16, 230}, 540, 590, 230, 70)
	c.ellipse(color.RGBA{20, 20, 16, 230}, 720, 640, 110, 40)
	c.ellipse(color.RGBA{60, 60, 80, 140}, 500, 575, 90, 18)
	c.line(color.RGBA{20, 20, 16, 230}, 392, 400, 402, 560, 8)
}

func drawSpace(c *canvas, repaired bool) {
	c.ellipse(steel, 480, 560, 230, 92)
	c.ellipse(rgb(0x0b0f16), 480, 560, 200, 74)
	c.line(yellow, 430, 500, 430, 600, 8)
	c.line(yellow, 530, 500, 530, 600, 8)
	if !repaired {
		return
	}
	for _, x := range []float32{210, 400, 570, 750} {
		c.line(red, x, 660, x, 430, 12)
	}
	c.line(white, 210, 470, 750, 470, 18)
	c.line(red, 210, 470, 300, 470, 18)
	c.line(red, 420, 470, 520, 470, 18)
	c.line(red, 640, 470, 750, 470, 18)
	c.box(blue, 60, 360, 150, 120) // fan
	c.disc(white, 135, 420, 44)
	c.warning(850, 300, 70)
}

func drawCharging(c *canvas, repaired bool) {
	c.box(rgb(0x9c7a55), 650, 120, 200, 360)
	c.box(white, 120, 250, 60, 44)
	if repaired {
		c.box(rgb(0xeef5fd), 230, 300, 260, 90)
		c.line(red, 250, 380, 470, 310, 12)
		return
	}
	c.disc(dark, 330, 590, 74)
	c.disc(rgb(0x8a94a3), 330, 590, 44)
	c.disc(dark, 590, 590, 74)
	c.disc(rgb(0x8a94a3), 590, 590, 44)
	c.line(blue, 330, 590, 430, 450, 18)
	c.line(blue, 430, 580, 590, 590, 22)
	c.line(blue, 430, 450, 440, 580, 18)
	c.line(dark, 400, 410, 470, 400, 12)
	c.box(dark, 500, 470, 120, 30)
	c.cable(dark, 150, 290, 440, 520, 90, 6)
}

func drawDangerous(c *canvas, repaired bool) {
	for i, col := range []color.RGBA{red, blue, yellow, blue} {
		x := 180 + float32(i)*150
		if repaired && i > 1 {
			x += 90
		}
		c.box(col, x, 350, 120, 190)
		c.ellipse(col, x+60, 350, 60, 18)
		c.box(white, x+24, 410, 72, 60)
		c.line(dark, x, 480, x+120, 480, 5)
	}
	if repaired {
		c.box(steel, 480, 240, 40, 320)
		c.warning(250, 200, 50)
		c.warning(740, 200, 50)
		return
	}
	c.ellipse(color.RGBA{120, 160, 40, 200}, 420, 580, 150, 36)
}
