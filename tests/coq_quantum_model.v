(** * A realisation with D = 2: the definition of [quantum] can be satisfied *)

From Coq Require Import ZArith List Bool Ring Field Lia.
From Steeralg Require Import Numbers NumberField Positive Words WordValues Steering Assemblage.
Import ListNotations.
Section M2.
Context {K : OrderedField}.
Variable B : StarAlgebra K.
Local Open Scope A_scope.
Definition M := ((B * B) * (B * B))%type.
Definition mk (a b c d : B) : M := ((a, b), (c, d)).
Definition m00 (x : M) := fst (fst x). Definition m01 (x : M) := snd (fst x).
Definition m10 (x : M) := fst (snd x). Definition m11 (x : M) := snd (snd x).
Lemma swap4 (p q r s : B) : (p + q) + (r + s) = (p + r) + (q + s).
Proof. rewrite <- !aadd_assoc. f_equal. rewrite !aadd_assoc. f_equal. apply aadd_comm. Qed.
Definition madd (x y : M) := mk (m00 x + m00 y) (m01 x + m01 y) (m10 x + m10 y) (m11 x + m11 y).
Definition mmul (x y : M) := mk (m00 x * m00 y + m01 x * m10 y) (m00 x * m01 y + m01 x * m11 y)
  (m10 x * m00 y + m11 x * m10 y) (m10 x * m01 y + m11 x * m11 y).
Definition mstar (x : M) := mk ((m00 x)^*) ((m10 x)^*) ((m01 x)^*) ((m11 x)^*).
Definition mscalar (z : Cx K) := mk (scalar z) 0 0 (scalar z).
Definition mopp (x : M) := mk (aopp (m00 x)) (aopp (m01 x)) (aopp (m10 x)) (aopp (m11 x)).
Ltac pairs := repeat match goal with |- (_, _) = (_, _) => apply f_equal2 end.
Ltac un := intros; repeat match goal with x : M |- _ => destruct x as [[? ?] [? ?]] end;
  unfold madd, mmul, mstar, mscalar, mopp, mk, m00, m01, m10, m11; cbn [fst snd].
Lemma z0 (x : B) : x + 0 = x. Proof. rewrite aadd_comm. apply aadd_zero. Qed.
Definition M2 : StarAlgebra K.
Proof.
  refine (Build_StarAlgebra K M (mk 0 0 0 0) (mk 1 0 0 1) madd mopp mmul mstar mscalar _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _).
  - un. pairs; apply aadd_comm.
  - un. pairs; apply aadd_assoc.
  - un. pairs; apply aadd_zero.
  - un. pairs; apply aadd_opp.
  - un. pairs; rewrite !amul_add_l, !amul_add_r, !amul_assoc; apply swap4.
  - un. pairs; rewrite !amul_one_l, !mul_zero_l, ?aadd_zero, ?z0; reflexivity.
  - un. pairs; rewrite !amul_one_r, !mul_zero_r, ?aadd_zero, ?z0; reflexivity.
  - un. pairs; rewrite !amul_add_l; apply swap4.
  - un. pairs; rewrite !amul_add_r; apply swap4.
  - un. pairs; apply astar_star.
  - un. pairs; apply astar_add.
  - un. pairs; rewrite !astar_add, !astar_mul; reflexivity.
  - un. rewrite scalar_one. reflexivity.
  - un. rewrite scalar_add, !z0. reflexivity.
  - un. rewrite scalar_mul, !mul_zero_l, !mul_zero_r, ?aadd_zero, !z0. reflexivity.
  - un. rewrite scalar_star, !star_zero. reflexivity.
  - un. pairs; rewrite !mul_zero_l, !mul_zero_r, ?aadd_zero, ?z0; apply scalar_central.
Defined.
End M2.
Ltac pairs := repeat match goal with |- (_, _) = (_, _) => apply f_equal2 end.
Section Model.
Variable K : OrderedField.
Add Ring C_rm : (@C_ring K).
Add Field K_fm : (field_laws K).
Definition C0 : StarAlgebra K.
Proof.
  refine (Build_StarAlgebra K (Cx K) c0 c1 cadd copp cmul conj (fun z => z) _ _ _ _ _ _ _ _ _ conj_conj conj_add _ _ _ _
    _ _); intros; try ring; try reflexivity.
  rewrite conj_mul. ring.
Defined.
Definition A : StarAlgebra K := M2 C0.
Definition h : K := inv (ofZ 2).
Lemma two : (ofZ 2 = one + one :> K)%K. Proof. change 2%Z with (1+1)%Z. rewrite ofZ_add, ofZ_1. reflexivity. Qed.
Lemma hh : (h + h = one)%K. Proof. unfold h. assert (N := ofZ_neq_0 K 2 ltac:(lia)). rewrite two in *. field. exact N. Qed.
Definition S0 : Scenario := scenario [[2; 2]] [2] 1.
Definition pr (k x a : nat) : A := if (a =? 0)%nat then aone else azero.
Definition un (y p q : nat) : A := match p, q with
 | 0, 0 => mk C0 c1 c0 c0 c0 | 0, _ => mk C0 c0 c1 c0 c0
 | _, 0 => mk C0 c0 c0 c1 c0 | _, _ => mk C0 c0 c0 c0 c1 end.
Ltac go := cbn; cbv [pr un mk astar amul aadd azero aone scalar element A C0 M2 mstar mmul madd mopp mscalar m00 m01 m10 m11 fst snd c0 c1 cadd cmul copp csub conj re im Nat.eqb]; pairs; try ring.
Definition R : Realisation S0 A.
Proof.
  refine (Build_Realisation K S0 A pr un _ _ _ _ _ _ _ _).
  - intros k x a H. destruct a as [|a]; go.
  - intros k x a b Ha Hb. destruct a as [|a], b as [|b]; try (go; fail). destruct (S a =? S b)%nat; go.
  - intros k x H. assert (outcome_count S0 k x = 2) as -> by (destruct k as [|[|k]], x as [|[|[|x]]]; cbn in *; try lia; destruct x; lia). go.
  - intros k x a l z b N Ha Hb. destruct a, b; go.
  - intros y p q Hy Hp Hq. cbn in Hp, Hq. destruct p as [|[|p]], q as [|[|q]]; try lia; go.
  - intros y p q s t Hy Hp Hq Hs Ht. cbn in Hp, Hq, Hs, Ht. destruct p as [|[|p]], q as [|[|q]], s as [|[|s]], t as [|[|t]]; try lia; go.
  - intros y Hy. go.
  - intros k x a y p q Ha Hy Hp Hq. cbn in Hp, Hq. destruct a as [|a], p as [|[|p]], q as [|[|q]]; try lia; go.
Defined.
(* f(X) = <v|X|v>/2, v = (1, i): rho = vv*/2 = [[1,-i],[i,1]]/2 *)
Definition I : Cx K := (zero, one).
Definition ev (X : A) : Cx K := cmul (h, zero) (cadd (cadd (m00 C0 X) (cmul I (m01 C0 X))) (cadd (cmul (conj I) (m10 C0 X)) (m11 C0 X))).
Definition f : PositiveFunctional A.
Proof.
  refine (Build_PositiveFunctional K A ev _ _ _).
  - intros [[x1 x2] [x3 x4]] [[y1 y2] [y3 y4]]. unfold ev. cbn. ring.
  - intros z [[x1 x2] [x3 x4]]. unfold ev. cbn. ring.
  - intros [[[a1 a2] [b1 b2]] [[d1 d2] [e1 e2]]].
    assert (H0 : le zero h). { unfold h. apply (le_0_factor K (ofZ 2)); [apply lt_ofZ; lia|].
      apply (le_0_eq K one); [apply le_0_1|]. field. apply ofZ_neq_0. lia. }
    set (p := (a1 - b2)%K). set (q := (a2 + b1)%K). set (u := (d1 - e2)%K). set (v := (d2 + e1)%K).
    apply (le_0_eq K (h * ((p*p + q*q) + (u*u + v*v)))%K).
    + apply le_mul; [exact H0|]. repeat apply le_0_add; apply le_0_square.
    + unfold p, q, u, v, ev, I. cbn. ring.
Defined.
Definition sigma : Family := [
 (key [0] [0] 0, rational 2 [[1];[0;1]]%Z [[];[1]]%Z); (key [1] [0] 0, rational 2 [[0];[0;0]]%Z []);
 (key [0] [1] 0, rational 2 [[1];[0;1]]%Z [[];[1]]%Z); (key [1] [1] 0, rational 2 [[0];[0;0]]%Z []);
 (* outside of the scenario *)
 (key [0] [0] 1, rational 1 [[-1];[0;1]]%Z [])].
Theorem nontrivial : quantum (zero : K) S0 sigma.
Proof.
  exists A, R, f. split.
  - cbn [expectation f]. unfold ev, I. go. transitivity (h + h)%K; [ring|exact hh].
  - intros a m Hs Hin p q Hp Hq. apply find_key_in in Hin. cbn in Hin.
    destruct Hin as [E0|[E0|[E0|[E0|[E0|[]]]]]]; injection E0 as <- <-; try discriminate Hs; cbn in Hp, Hq;
    destruct p as [|[|p]], q as [|[|q]]; try lia; unfold mval, gval; cbn [den rational]; fold h; cbn; rewrite ?ofZ_0, ?ofZ_1, ?(ofZ_m1 K);
    unfold ev, I; go; unfold h; cbn; rewrite ?ofZ_0, ?ofZ_1, ?(ofZ_m1 K); try ring.
Qed.
End Model.
Print Assumptions nontrivial.
