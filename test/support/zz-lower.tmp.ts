import * as fs from 'node:fs';
import * as path from 'node:path';
import { execFileSync } from 'node:child_process';
import { lower } from '#shared/export/passes/lower.ts';
import { emitBundle } from '#shared/export/emit/bundle.ts';
import { TARGETS, targetOf } from '#shared/export/targets/index.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import { interpret } from '#shared/verify/interpret.ts';
import { randomTrainedGraph, samplesFor, TEST_PROVENANCE } from '#test/support/graphs.ts';
import { sha256 } from '#main/platform/files.ts';
const root='/work/main/resources/runtime';
const runtime = fs.readdirSync(root,{recursive:true,withFileTypes:true}).filter(f=>f.isFile()).map(f=>{const p=path.relative(root,path.join(f.parentPath,f.name));return {path:p,content:fs.readFileSync(path.join(root,p),'utf8')};});
let refused:Record<string,number>={};
const n=Number(process.argv[2]??20), target=process.argv[3]??'cortex-m4';
for(let seed=0;seed<n;seed++){
  const t=randomTrainedGraph(seed);
  let g; try{ g=lower(t);}catch(e:any){ const m=e.message.replace(/layer \S+/,'').slice(0,90); refused[m]=(refused[m]??0)+1; if(e.code!=='unsupported') throw e; continue; }
  continue; const samples=samplesFor(t,6,seed);
  const b=emitBundle({graph:g,target:targetOf(target),format:formatOf('cmake'),provenance:TEST_PROVENANCE,goldenSamples:samples,runtime,licence:'x',sha256});
  const dir=`/tmp/fwtry/${seed}`; fs.rmSync(dir,{recursive:true,force:true});
  for(const f of b.files){ fs.mkdirSync(path.dirname(path.join(dir,f.path)),{recursive:true}); fs.writeFileSync(path.join(dir,f.path),f.content);}
  try { const out=execFileSync('make',['-s','check','example',...(process.argv[4]?['qemu','size']:[])],{cwd:dir,encoding:'utf8',stdio:['ignore','pipe','pipe']}); if(seed<1) console.log(out); if(!out.includes('PASS')) throw new Error(out);} catch(e:any){ console.log(seed,e.stdout,e.stderr); process.exit(1);}
}
console.log(refused);
